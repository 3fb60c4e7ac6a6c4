#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <streamforge/core/export.hpp>
#include <streamforge/server/message.hpp>

namespace streamforge::server {

/// What the named segments of a route matched, decoded.
using RouteParameters = std::map<std::string, std::string, std::less<>>;

/// Hands requests to handlers by method and path. Pure: no sockets, no threads of its own.
///
/// A route is a path whose segments are literal, `{name}` (exactly one segment) or, at the end, `{name...}` (the rest, perhaps
/// empty). The more literal route wins, segment by segment: "/jobs/active" before "/jobs/{id}" before "/{path...}".
/// GET routes answer HEAD, OPTIONS is answered from the routes unless one takes it, a known path with another method gets 405
/// with Allow, an unknown path 404; both as problem+json.
///
/// *Thread safety*: `handle` from several threads, once all routes are added.
class STREAMFORGE_EXPORT Router {
public:
    using RouteHandler = std::function<Response(const Request&, const RouteParameters&)>;

    /// *Errors*: throws `Exception` (`invalid_argument`) for a malformed pattern or one taken already: a programming mistake.
    void add(std::string_view method, std::string_view pattern, RouteHandler handler);
    /// Any method: the handler answers 405 itself where it must.
    void mount(std::string_view pattern, RouteHandler handler);

    [[nodiscard]] Response handle(const Request& request) const;
    /// The router as a handler; it is moved into it.
    [[nodiscard]] Handler into_handler() &&;

private:
    struct Segment {
        enum class Kind : std::uint8_t { literal, parameter, rest };
        Kind kind = Kind::literal;
        std::string text;
    };
    struct Route {
        std::string pattern;
        std::vector<Segment> segments;
        std::map<std::string, RouteHandler, std::less<>> handlers;  // by method; "" takes any
    };
    [[nodiscard]] static std::vector<Segment> parse(std::string_view pattern);
    [[nodiscard]] static bool more_literal(const Route& a, const Route& b);
    [[nodiscard]] static bool matches(const Route& route, const std::vector<std::string_view>& path, RouteParameters& parameters);
    std::vector<Route> routes_;  // most literal first
};

}  // namespace streamforge::server
