// A video file becomes an adaptive presentation in a folder. Usage: example_process VIDEO FOLDER
#include <iostream>

#include <streamforge/pipeline/run.hpp>

namespace sf = streamforge;

int main(int argc, char** argv) {
    if (argc != 3) {
        std::cerr << "usage: example_process VIDEO FOLDER\n";
        return 2;
    }
    const char* video = argv[1];
    const char* folder = argv[2];
    try {
        // [process]
        sf::pipeline::Job job;
        job.input = video;
        job.output = sf::storage::open(folder).value();
        job.options.ladder.speed = "veryfast";
        job.progress = [](const sf::Progress& p) { std::cerr << p.stage << ' ' << int(p.fraction * 100) << "%\r"; };

        const sf::pipeline::Report report = sf::pipeline::run(job).value();
        for (const auto& rendition : report.renditions) {
            std::cout << rendition.id << ": " << rendition.average_bps / 1000 << " kb/s\n";
        }
        // [process]
    } catch (const sf::Exception& error) {
        std::cerr << error.what() << '\n';
        return sf::exit_code(error.error().code);
    }
    return 0;
}
