#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace streamforge::media {

/// What three successive pictures say of the middle one's fields.
enum class FieldVote : std::uint8_t {
    undetermined,  ///< Too little motion, or contradictory.
    progressive,   ///< Both fields show one instant.
    top_first,     ///< The fields show two instants, the top one earlier.
    bottom_first,
    film,  ///< The fields belong to two pictures, one of which is whole in a neighbour: telecine.
};

/// Combing of a picture against the same picture with its bottom field taken from the neighbours. Sums over all pixels.
struct CombSums {
    std::int64_t current = 0;   ///< As it is.
    std::int64_t previous = 0;  ///< Top field with the previous picture's bottom field.
    std::int64_t next = 0;      ///< Top field with the next picture's bottom field.
};

/// The vote for a picture of `pixels` luma samples.
///
/// Combing grows with the time between the two fields that are put together. In a progressive picture that time is 0, and
/// 1 frame for both neighbours; in an interlaced one ½, ½ and 1½. Static detail and noise weigh on all three alike, so
/// only differences count. A test by one picture's own combing would call every venetian blind interlaced.
[[nodiscard]] FieldVote vote_fields(const CombSums& sums, std::int64_t pixels) noexcept;

/// Votes on a run of pictures, fed one after another.
class CombMeter {
public:
    /// `luma` is width × height samples of 8 bits, row by row. The vote is for the picture before this one, once there
    /// are three of one size; a change of size starts anew.
    std::optional<FieldVote> push(std::vector<std::uint8_t> luma, std::size_t width, std::size_t height);
    /// Forgets the pictures, before a jump in the input.
    void restart() noexcept { window_.clear(); }

private:
    std::size_t width_ = 0;
    std::size_t height_ = 0;
    std::vector<std::vector<std::uint8_t>> window_;  ///< At most three, oldest first.
};

}  // namespace streamforge::media
