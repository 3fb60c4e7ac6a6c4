#pragma once

/// Marks what a shared library shows. Static libraries are built with STREAMFORGE_STATIC, which their targets and pkg-config files
/// pass on: a program or shared library that links them does not show their symbols as its own.
#if defined(STREAMFORGE_STATIC)
#define STREAMFORGE_EXPORT
#else
#define STREAMFORGE_EXPORT __attribute__((visibility("default")))
#endif
