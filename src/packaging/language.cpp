#include "packaging/language.hpp"

#include <algorithm>
#include <array>

namespace streamforge::packaging {
namespace {

struct Pair {
    std::string_view from;
    std::string_view to;
};

/// ISO 639-1 to ISO 639-2/T, sorted.
constexpr std::array<Pair, 183> two_letter{{
    Pair{"aa", "aar"}, Pair{"ab", "abk"}, Pair{"ae", "ave"}, Pair{"af", "afr"}, Pair{"ak", "aka"}, Pair{"am", "amh"}, Pair{"an", "arg"},
    Pair{"ar", "ara"}, Pair{"as", "asm"}, Pair{"av", "ava"}, Pair{"ay", "aym"}, Pair{"az", "aze"}, Pair{"ba", "bak"}, Pair{"be", "bel"},
    Pair{"bg", "bul"}, Pair{"bi", "bis"}, Pair{"bm", "bam"}, Pair{"bn", "ben"}, Pair{"bo", "bod"}, Pair{"br", "bre"}, Pair{"bs", "bos"},
    Pair{"ca", "cat"}, Pair{"ce", "che"}, Pair{"ch", "cha"}, Pair{"co", "cos"}, Pair{"cr", "cre"}, Pair{"cs", "ces"}, Pair{"cu", "chu"},
    Pair{"cv", "chv"}, Pair{"cy", "cym"}, Pair{"da", "dan"}, Pair{"de", "deu"}, Pair{"dv", "div"}, Pair{"dz", "dzo"}, Pair{"ee", "ewe"},
    Pair{"el", "ell"}, Pair{"en", "eng"}, Pair{"eo", "epo"}, Pair{"es", "spa"}, Pair{"et", "est"}, Pair{"eu", "eus"}, Pair{"fa", "fas"},
    Pair{"ff", "ful"}, Pair{"fi", "fin"}, Pair{"fj", "fij"}, Pair{"fo", "fao"}, Pair{"fr", "fra"}, Pair{"fy", "fry"}, Pair{"ga", "gle"},
    Pair{"gd", "gla"}, Pair{"gl", "glg"}, Pair{"gn", "grn"}, Pair{"gu", "guj"}, Pair{"gv", "glv"}, Pair{"ha", "hau"}, Pair{"he", "heb"},
    Pair{"hi", "hin"}, Pair{"ho", "hmo"}, Pair{"hr", "hrv"}, Pair{"ht", "hat"}, Pair{"hu", "hun"}, Pair{"hy", "hye"}, Pair{"hz", "her"},
    Pair{"ia", "ina"}, Pair{"id", "ind"}, Pair{"ie", "ile"}, Pair{"ig", "ibo"}, Pair{"ii", "iii"}, Pair{"ik", "ipk"}, Pair{"io", "ido"},
    Pair{"is", "isl"}, Pair{"it", "ita"}, Pair{"iu", "iku"}, Pair{"ja", "jpn"}, Pair{"jv", "jav"}, Pair{"ka", "kat"}, Pair{"kg", "kon"},
    Pair{"ki", "kik"}, Pair{"kj", "kua"}, Pair{"kk", "kaz"}, Pair{"kl", "kal"}, Pair{"km", "khm"}, Pair{"kn", "kan"}, Pair{"ko", "kor"},
    Pair{"kr", "kau"}, Pair{"ks", "kas"}, Pair{"ku", "kur"}, Pair{"kv", "kom"}, Pair{"kw", "cor"}, Pair{"ky", "kir"}, Pair{"la", "lat"},
    Pair{"lb", "ltz"}, Pair{"lg", "lug"}, Pair{"li", "lim"}, Pair{"ln", "lin"}, Pair{"lo", "lao"}, Pair{"lt", "lit"}, Pair{"lu", "lub"},
    Pair{"lv", "lav"}, Pair{"mg", "mlg"}, Pair{"mh", "mah"}, Pair{"mi", "mri"}, Pair{"mk", "mkd"}, Pair{"ml", "mal"}, Pair{"mn", "mon"},
    Pair{"mr", "mar"}, Pair{"ms", "msa"}, Pair{"mt", "mlt"}, Pair{"my", "mya"}, Pair{"na", "nau"}, Pair{"nb", "nob"}, Pair{"nd", "nde"},
    Pair{"ne", "nep"}, Pair{"ng", "ndo"}, Pair{"nl", "nld"}, Pair{"nn", "nno"}, Pair{"no", "nor"}, Pair{"nr", "nbl"}, Pair{"nv", "nav"},
    Pair{"ny", "nya"}, Pair{"oc", "oci"}, Pair{"oj", "oji"}, Pair{"om", "orm"}, Pair{"or", "ori"}, Pair{"os", "oss"}, Pair{"pa", "pan"},
    Pair{"pi", "pli"}, Pair{"pl", "pol"}, Pair{"ps", "pus"}, Pair{"pt", "por"}, Pair{"qu", "que"}, Pair{"rm", "roh"}, Pair{"rn", "run"},
    Pair{"ro", "ron"}, Pair{"ru", "rus"}, Pair{"rw", "kin"}, Pair{"sa", "san"}, Pair{"sc", "srd"}, Pair{"sd", "snd"}, Pair{"se", "sme"},
    Pair{"sg", "sag"}, Pair{"si", "sin"}, Pair{"sk", "slk"}, Pair{"sl", "slv"}, Pair{"sm", "smo"}, Pair{"sn", "sna"}, Pair{"so", "som"},
    Pair{"sq", "sqi"}, Pair{"sr", "srp"}, Pair{"ss", "ssw"}, Pair{"st", "sot"}, Pair{"su", "sun"}, Pair{"sv", "swe"}, Pair{"sw", "swa"},
    Pair{"ta", "tam"}, Pair{"te", "tel"}, Pair{"tg", "tgk"}, Pair{"th", "tha"}, Pair{"ti", "tir"}, Pair{"tk", "tuk"}, Pair{"tl", "tgl"},
    Pair{"tn", "tsn"}, Pair{"to", "ton"}, Pair{"tr", "tur"}, Pair{"ts", "tso"}, Pair{"tt", "tat"}, Pair{"tw", "twi"}, Pair{"ty", "tah"},
    Pair{"ug", "uig"}, Pair{"uk", "ukr"}, Pair{"ur", "urd"}, Pair{"uz", "uzb"}, Pair{"ve", "ven"}, Pair{"vi", "vie"}, Pair{"vo", "vol"},
    Pair{"wa", "wln"}, Pair{"wo", "wol"}, Pair{"xh", "xho"}, Pair{"yi", "yid"}, Pair{"yo", "yor"}, Pair{"za", "zha"}, Pair{"zh", "zho"},
    Pair{"zu", "zul"},
}};

/// ISO 639-2/B to /T, sorted: old files use the bibliographic codes.
constexpr std::array<Pair, 20> bibliographic{{
    Pair{"alb", "sqi"}, Pair{"arm", "hye"}, Pair{"baq", "eus"}, Pair{"bur", "mya"}, Pair{"chi", "zho"},
    Pair{"cze", "ces"}, Pair{"dut", "nld"}, Pair{"fre", "fra"}, Pair{"geo", "kat"}, Pair{"ger", "deu"},
    Pair{"gre", "ell"}, Pair{"ice", "isl"}, Pair{"mac", "mkd"}, Pair{"mao", "mri"}, Pair{"may", "msa"},
    Pair{"per", "fas"}, Pair{"rum", "ron"}, Pair{"slo", "slk"}, Pair{"tib", "bod"}, Pair{"wel", "cym"},
}};

template <std::size_t N>
std::string_view find(const std::array<Pair, N>& table, std::string_view key) noexcept {
    const auto at = std::lower_bound(table.begin(), table.end(), key, [](const Pair& pair, std::string_view k) { return pair.from < k; });
    return at != table.end() && at->from == key ? at->to : std::string_view{};
}

std::uint16_t pack(std::string_view code) noexcept {
    std::uint16_t packed = 0;
    for (const char letter : code) packed = static_cast<std::uint16_t>(packed << 5 | ((letter - 0x60) & 0x1F));
    return packed;
}

}  // namespace

std::uint16_t pack_language(std::string_view bcp47) noexcept {
    const std::string_view primary = bcp47.substr(0, bcp47.find('-'));
    std::array<char, 3> lower{};
    if (primary.size() < 2 || primary.size() > 3) return pack("und");
    for (std::size_t i = 0; i < primary.size(); ++i) {
        const char letter = primary[i];
        const char low = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter;
        if (low < 'a' || low > 'z') return pack("und");
        lower[i] = low;
    }
    const std::string_view code(lower.data(), primary.size());
    if (code.size() == 3) return pack(code);
    const std::string_view three = find(two_letter, code);
    return pack(three.empty() ? std::string_view("und") : three);
}

std::string unpack_language(std::uint16_t packed) {
    std::string code;
    for (int shift = 10; shift >= 0; shift -= 5) code += static_cast<char>((packed >> shift & 0x1F) + 0x60);
    if (!std::all_of(code.begin(), code.end(), [](char letter) { return letter >= 'a' && letter <= 'z'; })) return "und";
    if (const auto terminological = find(bibliographic, code); !terminological.empty()) code = terminological;
    for (const Pair& pair : two_letter) {
        if (pair.to == code) return std::string(pair.from);
    }
    return code;
}

}  // namespace streamforge::packaging
