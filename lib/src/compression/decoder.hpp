// Undoes a compression piece by piece. One thread. Lack of memory throws `std::bad_alloc`; damage is an
// answer.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <waybill/dataset_settings.hpp>

namespace waybill::compression {

class decoder {
  public:
    decoder() = default;
    decoder(const decoder&) = delete;
    decoder& operator=(const decoder&) = delete;
    virtual ~decoder() = default;

    /// Decodes from the beginning of `in` to the beginning of `out` and takes both away; what is not taken
    /// of `in` belongs to what comes after `out` is full. Answers what is wrong with the input, if anything.
    virtual std::optional<std::string> decode(std::string_view& in, std::span<char>& out) = 0;
    /// Whether the input may end here.
    virtual bool at_end() const noexcept = 0;
    virtual const char* name() const = 0;
};

/// None for what is not compressed.
std::unique_ptr<decoder> decoder_of(dataset_compression how);

/// For an input that begins so; none when it is plain.
std::unique_ptr<decoder> decoder_for(std::string_view beginning);

} // namespace waybill::compression
