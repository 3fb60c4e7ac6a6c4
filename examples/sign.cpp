// Signs one URL for five minutes and lets one viewer play a whole stream, with the scheme of our own origin.
#include <iostream>
#include <streamforge/cdn/authorize_stream.hpp>
#include <streamforge/cdn/local.hpp>

namespace sf = streamforge;

int main() {
    const std::string secret = "a secret of at least sixteen bytes";
    const std::string playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nseg_1.m4s\n#EXT-X-ENDLIST\n";
    // [sign]
    const auto keys = sf::cdn::KeyRing::single("k1", sf::cdn::SymmetricKey::from_text(secret).value());
    const auto signer = sf::cdn::make_local_signer(keys).value();
    const auto url = signer->sign("https://cdn.example.com/m1/trailer.mp4", {.expires_in = std::chrono::minutes(5)}).value();

    sf::cdn::StreamRequest stream;
    stream.entry = {"https://cdn.example.com/m1/playlist.m3u8", playlist};
    stream.policy.expires_in = std::chrono::hours(1);
    stream.players = {sf::cdn::Player::hls_js, sf::cdn::Player::safari};
    const auto grant = sf::cdn::authorize_stream(*signer, stream).value();
    std::cout << url << '\n' << to_string(grant.method) << ": " << grant.entry_url << '\n';  // prints no token; see reveal()
    // [sign]
}
