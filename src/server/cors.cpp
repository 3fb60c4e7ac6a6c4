#include <streamforge/server/cors.hpp>

namespace streamforge::server {

Handler with_cors(Handler handler, CorsOptions options) {
    return [handler = std::move(handler), options = std::move(options)](const Request& request) {
        const bool preflight = request.method == "OPTIONS" && request.headers.contains("Access-Control-Request-Method");
        Response response;
        if (preflight) {
            response.status = 204;
            response.headers.set("Access-Control-Allow-Methods", options.allow_methods);
            response.headers.set("Access-Control-Allow-Headers", options.allow_headers);
            response.headers.set("Access-Control-Max-Age", std::to_string(options.max_age.count()));
        } else {
            response = handler(request);
        }
        response.headers.set("Access-Control-Allow-Origin", options.allow_origin);
        response.headers.set("Access-Control-Expose-Headers", options.expose_headers);
        if (options.allow_origin != "*") response.headers.add("Vary", "Origin");
        return response;
    };
}

}  // namespace streamforge::server
