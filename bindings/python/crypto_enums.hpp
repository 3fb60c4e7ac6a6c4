#pragma once

#include "support/enums.hpp"

#include <streamforge/crypto/key.hpp>

STREAMFORGE_PYTHON_ENUM(streamforge::crypto::HashAlgorithm, "streamforge.crypto.HashAlgorithm")
STREAMFORGE_PYTHON_ENUM(streamforge::crypto::KeyType, "streamforge.crypto.KeyType")
STREAMFORGE_PYTHON_ENUM(streamforge::crypto::EcdsaForm, "streamforge.crypto.EcdsaForm")
