#include "profile/decoded_input.hpp"

#include <algorithm>
#include <span>

#include <waybill/result.hpp>

namespace waybill::profile {
namespace {

constexpr std::size_t longest_mark = 4;

} // namespace

decoded_input::decoded_input(std::istream& input, std::size_t block)
    : input_(input), block_(std::max(block, longest_mark)) {}

decoded_input::~decoded_input() = default;

bool decoded_input::refill() {
    input_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
    if (input_.bad()) throw store_failure(store_failure::kind::io, "the input of the import cannot be read");
    const auto got = input_.gcount();
    rest_ = {block_.data(), static_cast<std::size_t>(got)};
    bytes_ += got;
    return got != 0;
}

std::string_view decoded_input::next() {
    if (!begun_) {
        begun_ = true;
        if (!refill()) return {};
        decoder_ = compression::decoder_for(rest_);
        if (!decoder_) return rest_;
        decoded_.resize(block_.size());
    }
    if (decoder_) return decode();
    return refill() ? rest_ : std::string_view{};
}

std::string_view decoded_input::decode() {
    std::span<char> room(decoded_);
    while (!broken_ && !room.empty()) {
        const auto left = rest_.size();
        const auto free = room.size();
        if (const auto damage = decoder_->decode(rest_, room))
            break_off("is damaged at or before its byte " + std::to_string(bytes_ - std::ssize(rest_)) +
                      " (" + *damage + ")");
        else if (rest_.size() == left && room.size() == free && !refill()) {
            if (!decoder_->at_end()) break_off("breaks off after its byte " + std::to_string(bytes_));
            break;
        }
    }
    return {decoded_.data(), decoded_.size() - room.size()};
}

void decoded_input::break_off(const std::string& why) {
    broken_ = std::string("the compressed input (") + decoder_->name() + ") " + why;
}

} // namespace waybill::profile
