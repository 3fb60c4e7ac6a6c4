// Serves a folder over HTTP until Enter is pressed. Usage: example_origin FOLDER
#include <iostream>

#include <streamforge/server/cors.hpp>
#include <streamforge/server/http_server.hpp>
#include <streamforge/server/origin.hpp>
#include <streamforge/storage/local_store.hpp>

namespace sf = streamforge;

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: example_origin FOLDER\n";
        return 2;
    }
    const char* folder = argv[1];
    try {
        // [origin]
        auto origin = sf::server::make_origin(sf::storage::open_local(folder).value()).value();
        auto server = sf::server::HttpServer::start({.port = 0}, sf::server::with_cors(origin)).value();
        std::cout << "serving " << server->url() << '\n';
        // [origin]
        std::cin.get();
    } catch (const sf::Exception& error) {
        std::cerr << error.what() << '\n';
        return sf::exit_code(error.error().code);
    }
    return 0;
}
