#pragma once

#include <functional>
#include <string>

namespace streamforge::media::ffmpeg {

/// Tells how much processor time one stage took, the threads of its codecs included.
///
/// On Linux a new thread inherits its creator's name, so codecs' threads carry the name of the stage that opened them. The
/// name is unique in the process and reads well in `top -H`: "sf2a:encode 720". Elsewhere only the stage's own thread counts.
class StageCpu {
public:
    explicit StageCpu(const std::string& label);

    /// Names the calling thread, so that it and the threads that it will start are counted.
    void enter() const noexcept;
    /// Processor time of all such threads that still live. Call from a thread that entered.
    [[nodiscard]] double seconds() const;
    /// Runs `work` in a thread that entered, and waits for it: for opening what starts threads.
    void run_inside(const std::function<void()>& work) const;

private:
    std::string name_;
};

}  // namespace streamforge::media::ffmpeg
