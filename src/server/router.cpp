#include <streamforge/server/router.hpp>

#include <algorithm>
#include <memory>
#include <set>

#include <streamforge/server/problem.hpp>

namespace streamforge::server {
namespace {

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> segments;
    path.remove_prefix(1);
    while (true) {
        const auto slash = path.find('/');
        segments.push_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

[[noreturn]] void bad_pattern(std::string_view pattern, std::string message) {
    throw Exception(make_error(Errc::invalid_argument, "server.router", std::move(message)).with("pattern", std::string(pattern)));
}

std::string join(const std::set<std::string>& names) {
    std::string joined;
    for (const auto& name : names) {
        if (!joined.empty()) joined += ", ";
        joined += name;
    }
    return joined;
}

Response answer_options(const std::set<std::string>& allowed) {
    Response response;
    response.status = 204;
    response.headers.set("Allow", join(allowed));
    return response;
}

Response refuse_method(const std::set<std::string>& allowed) {
    auto response = make_problem(405, "method_not_allowed", "This resource does not take this method.");
    response.headers.set("Allow", join(allowed));
    return response;
}

}  // namespace

std::vector<Router::Segment> Router::parse(std::string_view pattern) {
    using Kind = Segment::Kind;
    constexpr std::string_view ellipsis = "...";
    if (!pattern.starts_with('/')) bad_pattern(pattern, "a pattern begins with '/'");
    std::vector<Segment> segments;
    for (auto text : split(pattern)) {
        if (!segments.empty() && segments.back().kind == Kind::rest) bad_pattern(pattern, "nothing can follow '{name...}'");
        const bool braced = text.size() > 2 && text.front() == '{' && text.back() == '}';
        if (!braced && text.find_first_of("{}") != std::string_view::npos) bad_pattern(pattern, "braces enclose a whole segment");
        if (!braced) {
            segments.push_back({Kind::literal, std::string(text)});
            continue;
        }
        text = text.substr(1, text.size() - 2);
        const bool rest = text.ends_with(ellipsis);
        if (rest) text.remove_suffix(ellipsis.size());
        if (text.empty()) bad_pattern(pattern, "a parameter needs a name");
        segments.push_back({rest ? Kind::rest : Kind::parameter, std::string(text)});
    }
    return segments;
}

bool Router::more_literal(const Route& a, const Route& b) {
    const auto ranks = [](const Route& route) {
        std::vector<Segment::Kind> kinds;
        for (const auto& segment : route.segments) kinds.push_back(segment.kind);
        return kinds;
    };
    return ranks(a) < ranks(b);
}

void Router::add(std::string_view method, std::string_view pattern, RouteHandler handler) {
    auto segments = parse(pattern);
    auto route = std::find_if(routes_.begin(), routes_.end(), [&](const Route& known) { return known.pattern == pattern; });
    if (route == routes_.end()) {
        Route added{std::string(pattern), std::move(segments), {}};
        route = routes_.insert(std::upper_bound(routes_.begin(), routes_.end(), added, more_literal), std::move(added));
    }
    if (!route->handlers.emplace(std::string(method), std::move(handler)).second) {
        bad_pattern(pattern, "this method and pattern are taken already");
    }
}

void Router::mount(std::string_view pattern, RouteHandler handler) { add("", pattern, std::move(handler)); }

bool Router::matches(const Route& route, const std::vector<std::string_view>& path, RouteParameters& parameters) {
    using Kind = Segment::Kind;
    parameters.clear();
    for (std::size_t index = 0; index < route.segments.size(); ++index) {
        const auto& segment = route.segments[index];
        if (index >= path.size()) return false;
        if (segment.kind == Kind::rest) {
            const auto* begin = path[index].data();
            const auto* end = path.back().data() + path.back().size();
            parameters[segment.text] = std::string(begin, end);
            return true;
        }
        if (segment.kind == Kind::literal && segment.text != path[index]) return false;
        if (segment.kind == Kind::parameter) {
            if (path[index].empty()) return false;
            parameters[segment.text] = std::string(path[index]);
        }
    }
    return route.segments.size() == path.size();
}

Response Router::handle(const Request& request) const {
    if (request.path == "*" && request.method == "OPTIONS") return answer_options({"GET", "HEAD", "OPTIONS"});
    if (!request.path.starts_with('/')) return make_problem(400, "invalid_argument", "The request target is not a path.");
    const auto path = split(request.path);
    std::set<std::string> allowed;
    RouteParameters parameters;
    for (const auto& route : routes_) {
        if (!matches(route, path, parameters)) continue;
        for (const std::string_view method : {std::string_view(request.method), std::string_view("GET"), std::string_view()}) {
            if (method == "GET" && request.method != "GET" && request.method != "HEAD") continue;
            if (const auto found = route.handlers.find(method); found != route.handlers.end()) return found->second(request, parameters);
        }
        for (const auto& [method, handler] : route.handlers) allowed.insert(method);
    }
    if (allowed.empty()) return make_problem(404, "not_found", "There is nothing at this path.");
    if (allowed.contains("GET")) allowed.insert("HEAD");
    allowed.insert("OPTIONS");
    return request.method == "OPTIONS" ? answer_options(allowed) : refuse_method(allowed);
}

Handler Router::into_handler() && {
    return [router = std::make_shared<const Router>(std::move(*this))](const Request& request) { return router->handle(request); };
}

}  // namespace streamforge::server
