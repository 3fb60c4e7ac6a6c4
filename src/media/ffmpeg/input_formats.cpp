#include "media/ffmpeg/input_formats.hpp"

#include <cctype>

namespace streamforge::media::ffmpeg {
namespace {

/// Plain containers and elementary streams: one file, no reference to another one, no device, no script. Left out on
/// purpose: hls, dash, concat, image2, sdp, rtsp, imf (they open further files); text-only subtitles; game formats; AMR
/// without its header (amrnb, amrwb), which FFmpeg takes any garbage for.
constexpr std::string_view plain_formats =
    // containers
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mpegts,mpeg,avi,flv,ogg,asf,mxf,nut,rm,ivf,dv,gxf,obu,av1,"
    // elementary video
    "h261,h263,h264,hevc,m4v,mpegvideo,vc1,vc1test,dirac,cavsvideo,dnxhd,mjpeg,yuv4mpegpipe,gif,apng,"
    // sound
    "wav,w64,aiff,au,caf,mp3,flac,aac,loas,ac3,eac3,dts,dtshd,truehd,mlp,amr,wv,tta,ape,tak,voc,oma,"
    "rso,sox,ircam,gsm,qcp,dsf,iff,shn,mpc,mpc8";

}  // namespace

std::string format_whitelist(const InputPolicy& policy) {
    if (policy.formats.empty()) return std::string(plain_formats);
    std::string list;
    for (const auto& format : policy.formats) {
        if (!list.empty()) list += ',';
        list += format;
    }
    return list;
}

std::string name_hint(std::string_view source_name) {
    constexpr std::size_t longest_extension = 8;
    const auto dot = source_name.rfind('.');
    if (dot == std::string_view::npos) return "media";
    const auto extension = source_name.substr(dot + 1);
    if (extension.empty() || extension.size() > longest_extension) return "media";
    for (const char each : extension) {
        if (std::isalnum(static_cast<unsigned char>(each)) == 0) return "media";
    }
    return "media." + std::string(extension);
}

}  // namespace streamforge::media::ffmpeg
