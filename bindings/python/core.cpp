#include "support/callbacks.hpp"
#include "support/inputs.hpp"
#include "support/modules.hpp"
#include "support/record.hpp"

#include <streamforge/core/quality.hpp>
#include <streamforge/core/secret.hpp>
#include <streamforge/core/track.hpp>
#include <streamforge/core/version.hpp>

namespace streamforge::python {
namespace {

void bind_secret(py::module_& module) {
    py::class_<Secret>(module, "Secret", "Text that prints as \"***\" and is wiped from memory when it goes.")
        .def(py::init([](const std::string& value) { return Secret(value); }), py::arg("value"))
        .def("reveal", [](const Secret& secret) { return std::string(secret.reveal()); }, "The plain value. Do not store or log it.")
        .def("__bool__", [](const Secret& secret) { return !secret.empty(); })
        .def("__repr__", [](const Secret&) { return "Secret('***')"; })
        .def("__str__", [](const Secret&) { return "***"; })
        .def("__eq__", [](const Secret& a, const Secret& b) { return a.reveal() == b.reveal(); }, py::is_operator())
        .def("__reduce__", [](const Secret&) -> py::object { throw py::type_error("a secret is not written out"); });
}

void bind_bytes(py::module_& module) {
    py::class_<BytesView>(module, "_BytesView", py::buffer_protocol(), "Bytes of C++ behind a memoryview.")
        .def_buffer([](BytesView& view) {
            return py::buffer_info(const_cast<std::uint8_t*>(view.bytes.data()), 1, "B", 1,  // read-only: never written through
                                   {static_cast<py::ssize_t>(view.bytes.size())}, {py::ssize_t{1}}, true);
        });
    py::class_<ByteSource, std::shared_ptr<ByteSource>>(module, "ByteSource", "Random access to immutable bytes.")
        .def("read_at",
             [](const ByteSource& source, std::uint64_t offset, std::size_t size) {
                 Bytes bytes(std::min<std::uint64_t>(size, source.size_bytes()));
                 const auto count = blocking(nullptr, [&](const std::stop_token&) { return source.read_at(offset, bytes); });
                 bytes.resize(count);
                 return to_memoryview(std::move(bytes));
             },
             py::arg("offset"), py::arg("size"), "The bytes from `offset` on, as far as there are.")
        .def_property_readonly("size_bytes", &ByteSource::size_bytes)
        .def_property_readonly("name", &ByteSource::name, "For messages: a path, or \"<memory>\".")
        .def("__len__", &ByteSource::size_bytes);
    module.def("open_file",
               [](const std::filesystem::path& path) {
                   return blocking(nullptr, [&](const std::stop_token&) { return open_file(path); });
               },
               py::arg("path"), "Opens a regular file.");
    module.def("bytes_source",
               [](Buffer data) { return std::shared_ptr<ByteSource>(std::make_shared<BufferSource>(std::move(data))); },
               py::arg("data"), "Bytes of Python as a source, in place: the buffer is held until the source goes.");
}

void bind_tracks(py::module_& module) {
    Record<Progress>(module, "Progress", "How far a blocking call is.")
        .field<&Progress::stage>("stage", "\"probe\", \"transcode\", \"package\", \"publish\", …")
        .field<&Progress::fraction>("fraction", "0 to 1 of the whole call; never goes back.")
        .field<&Progress::media_done>("media_done", "Presentation time finished in the slowest track.")
        .field<&Progress::media_total>("media_total")
        .field<&Progress::speed>("speed", "Media seconds per wall second; 0 when unknown.")
        .field<&Progress::eta>("eta")
        .field<&Progress::bytes_written>("bytes_written")
        .done();
    Record<QualityScore>(module, "QualityScore", "Quality against the source: SSIM 0 to 1, PSNR in dB.")
        .field<&QualityScore::ssim_y>("ssim_y").field<&QualityScore::ssim_u>("ssim_u").field<&QualityScore::ssim_v>("ssim_v")
        .field<&QualityScore::psnr_y>("psnr_y").field<&QualityScore::psnr_u>("psnr_u").field<&QualityScore::psnr_v>("psnr_v")
        .field<&QualityScore::frames>("frames", "Frames compared.")
        .done();
    Record<ByteRange>(module, "ByteRange", "Bytes [offset, offset + length) of an object.")
        .field<&ByteRange::offset>("offset").field<&ByteRange::length>("length")
        .done();
    Record<ColourInfo>(module, "ColourInfo", "Colour description by the code points of ISO/IEC 23091-2; 2 is unspecified.")
        .field<&ColourInfo::primaries>("primaries").field<&ColourInfo::transfer>("transfer")
        .field<&ColourInfo::matrix>("matrix").field<&ColourInfo::full_range>("full_range")
        .done();
    Record<MasteringDisplay>(module, "MasteringDisplay", "SMPTE ST 2086, in the units of the mdcv box.")
        .field<&MasteringDisplay::red_x>("red_x").field<&MasteringDisplay::red_y>("red_y")
        .field<&MasteringDisplay::green_x>("green_x").field<&MasteringDisplay::green_y>("green_y")
        .field<&MasteringDisplay::blue_x>("blue_x").field<&MasteringDisplay::blue_y>("blue_y")
        .field<&MasteringDisplay::white_x>("white_x").field<&MasteringDisplay::white_y>("white_y")
        .field<&MasteringDisplay::max_luminance>("max_luminance").field<&MasteringDisplay::min_luminance>("min_luminance")
        .done();
    Record<ContentLight>(module, "ContentLight", "CTA-861.3 content light level, cd/m².")
        .field<&ContentLight::max_cll>("max_cll").field<&ContentLight::max_fall>("max_fall")
        .done();
    Record<VideoFormat>(module, "VideoFormat", "What a decoder must know of a picture.")
        .field<&VideoFormat::width_px>("width_px").field<&VideoFormat::height_px>("height_px")
        .field<&VideoFormat::sample_aspect>("sample_aspect").field<&VideoFormat::frame_rate>("frame_rate", "0 when unknown.")
        .field<&VideoFormat::colour>("colour").field<&VideoFormat::bit_depth>("bit_depth")
        .field<&VideoFormat::mastering_display>("mastering_display").field<&VideoFormat::content_light>("content_light")
        .done();
    Record<AudioFormat>(module, "AudioFormat", "What a decoder must know of sound.")
        .field<&AudioFormat::sample_rate_hz>("sample_rate_hz").field<&AudioFormat::channels>("channels")
        .field<&AudioFormat::priming_samples>("priming_samples", "Samples at the start that a decoder must drop.")
        .done();
    Record<TrackFormat>(module, "TrackFormat", "What a decoder and a packager must know of one stream before its first sample.")
        .field<&TrackFormat::kind>("kind").field<&TrackFormat::codec>("codec").field<&TrackFormat::timescale>("timescale")
        .field<&TrackFormat::nal_framing>("nal_framing").field<&TrackFormat::codec_config>("codec_config")
        .field<&TrackFormat::video>("video").field<&TrackFormat::audio>("audio").field<&TrackFormat::language>("language", "BCP 47.")
        .done();
}

}  // namespace

void bind_core(py::module_& module) {
    register_exceptions();
    module.attr("version") = std::string(version);
    module.def("_stop_everything", &stop_everything, "Stops all calls that run and waits for them.");
    py::class_<StopSource>(module, "StopSource", "Stops the blocking calls that it was given to, from any thread.")
        .def(py::init<>())
        .def("request_stop", [](StopSource& stop) { return stop.source.request_stop(); },
             "Asks all of them to stop; they raise `CancelledError`. True the first time.")
        .def_property_readonly("stop_requested", [](const StopSource& stop) { return stop.source.stop_requested(); });
    bind_core_enums(module);
    bind_secret(module);
    bind_bytes(module);
    bind_tracks(module);
}

}  // namespace streamforge::python
