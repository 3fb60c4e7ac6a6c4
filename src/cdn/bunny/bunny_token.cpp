#include "cdn/bunny/bunny_token.hpp"

#include <algorithm>

#include <streamforge/crypto/encoding.hpp>

#include "cdn/url_scan.hpp"

namespace streamforge::cdn::bunny {

std::string make_token(const crypto::HmacKey& key, std::string_view path, std::string_view time, const std::optional<IpNetwork>& client,
                       const Parameters& parameters) {
    std::string message(path);
    message.append(time);
    if (client) message.append(reinterpret_cast<const char*>(client->bytes().data()), client->bytes().size());
    bool first = true;
    for (const auto& [name, value] : parameters) {
        if (!std::exchange(first, false)) message.push_back('&');
        message.append(name).append("=").append(value);
    }
    std::string token = client ? "HS256-1-" : "HS256-";
    crypto::base64_append(token, key.mac(message).bytes(), crypto::base64_url);
    return token;
}

void append_parameters(std::string& out, const Parameters& parameters) {
    for (const auto& [name, value] : parameters) {
        out.push_back('&');
        out.append(encode_query_value(name)).append("=").append(encode_query_value(value));
    }
}

std::optional<Parameters> read_parameters(std::string_view query) {
    Parameters parameters;
    bool readable = true;
    if (!query.empty()) {
        for_each_parameter(query, [&](std::string_view pair, std::string_view name, std::string_view value) {
            std::string plain_name = percent_decode(name);
            std::string plain_value = percent_decode(value);
            readable = !name.empty() && pair.size() > name.size() && encode_query_value(plain_name) == name &&
                       encode_query_value(plain_value) == value;
            if (readable) parameters.emplace_back(std::move(plain_name), std::move(plain_value));
            return readable;
        });
    }
    if (!readable) return std::nullopt;
    std::ranges::sort(parameters, {}, &Parameters::value_type::first);
    if (std::ranges::adjacent_find(parameters, {}, &Parameters::value_type::first) != parameters.end()) return std::nullopt;
    return parameters;
}

const std::string* find(const Parameters& parameters, std::string_view name) {
    const auto found = std::ranges::find(parameters, name, &Parameters::value_type::first);
    return found == parameters.end() ? nullptr : &found->second;
}

std::string join_countries(const std::vector<std::string>& countries) {
    std::string text;
    for (const auto& country : countries) text += (text.empty() ? "" : ",") + country;
    return text;
}

std::optional<std::vector<std::string>> split_countries(std::string_view text) {
    std::vector<std::string> countries;
    for (;;) {
        const std::size_t end = text.find(',');
        const std::string_view code = text.substr(0, end);
        if (code.size() != 2 || !std::ranges::all_of(code, [](char c) { return c >= 'A' && c <= 'Z'; })) return std::nullopt;
        countries.emplace_back(code);
        if (end == std::string_view::npos) return countries;
        text.remove_prefix(end + 1);
    }
}

}  // namespace streamforge::cdn::bunny
