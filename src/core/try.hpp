#pragma once

#include <utility>

/// Returns the error of a `Result` expression to the caller, or goes on. Private to the library: public headers hold no macros.
#define SF_TRY(expression)                               \
    do {                                                 \
        if (auto sf_result = (expression); !sf_result) { \
            return std::move(sf_result).error();         \
        }                                                \
    } while (false)

#define SF_CONCAT_INNER(a, b) a##b
#define SF_CONCAT(a, b) SF_CONCAT_INNER(a, b)

/// `SF_ASSIGN(auto x, f());` declares or assigns from a `Result`, or returns its error.
#define SF_ASSIGN(target, expression)                              \
    auto SF_CONCAT(sf_result_, __LINE__) = (expression);           \
    if (!SF_CONCAT(sf_result_, __LINE__)) {                        \
        return std::move(SF_CONCAT(sf_result_, __LINE__)).error(); \
    }                                                              \
    target = *std::move(SF_CONCAT(sf_result_, __LINE__))
