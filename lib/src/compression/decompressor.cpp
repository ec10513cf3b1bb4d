#include "compression/decompressor.hpp"

#include <span>
#include <string>

#include <waybill/result.hpp>

#include "compression/decoder.hpp"

namespace waybill::compression {

namespace {

constexpr std::size_t piece_size = std::size_t{128} << 10U;

[[noreturn]] void not_of_the_format(const decoder& format, const std::string& why) {
    throw store_failure(store_failure::kind::corrupt, std::string("not ") + format.name() + ": " + why);
}

} // namespace

decompressor::decompressor(dataset_compression how) : decoder_(decoder_of(how)), piece_(piece_size, '\0') {}
decompressor::~decompressor() = default;

void decompressor::add(std::string_view bytes, const std::function<void(std::string_view)>& sink) {
    if (bytes.empty()) return;
    if (!decoder_) return sink(bytes);
    std::span<char> room;
    do {
        // Zeros behind a member are what a tape leaves, and no part of a dataset has.
        if (complete() && bytes.starts_with('\0')) not_of_the_format(*decoder_, "zeros after its end");
        room = piece_;
        if (const auto why = decoder_->decode(bytes, room)) not_of_the_format(*decoder_, *why);
        sink(std::string_view(piece_.data(), piece_.size() - room.size()));
    } while (!bytes.empty() || (room.empty() && !complete()));
}

bool decompressor::complete() const noexcept { return !decoder_ || decoder_->at_end(); }

} // namespace waybill::compression
