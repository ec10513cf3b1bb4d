// What an import reads, cut into records: the same whatever blocks the input comes in, nothing longer than
// allowed, and no line counted twice; compressed or not.
#include <algorithm>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "fuzz/invariant.hpp"
#include "compression/decoder.hpp"
#include "profile/record_reader.hpp"

using namespace waybill::fuzz;
using waybill::profile::record_reader;

namespace {

constexpr std::size_t longest = 96;
constexpr std::size_t smallest_block = 4; ///< as long as the longest mark that an input may begin with

struct cut_record {
    std::int64_t line;
    std::string text;
    bool whole;

    friend bool operator==(const cut_record&, const cut_record&) = default;
};

struct cut_input {
    std::vector<cut_record> records;
    std::optional<std::string> broken;
    std::int64_t bytes = 0;

    friend bool operator==(const cut_input&, const cut_input&) = default;
};

cut_input read_in_blocks_of(std::size_t block, const std::string& text) {
    std::istringstream input(text);
    record_reader reader(input, longest, block);
    cut_input cut;
    while (const auto record = reader.next())
        cut.records.push_back({record->line, std::string(record->text), record->problem == nullptr});
    cut.broken = reader.broken();
    cut.bytes = reader.bytes();
    return cut;
}

void look_at(const cut_input& cut, const std::string& text) {
    std::int64_t line = 1;
    const bool compressed = waybill::compression::decoder_for(text) != nullptr;
    for (const auto& record : cut.records) {
        expect(record.line >= line, "lines are counted upwards");
        line = record.line;
        expect(record.text.size() <= longest, "a record is within its limit");
        expect(compressed || text.find(record.text) != std::string::npos, "a record is a part of the text");
    }
    const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
    expect(compressed || line <= lines, "no line is beyond the last one");
    expect(cut.bytes <= static_cast<std::int64_t>(text.size()), "no byte is counted twice");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto rest = text_of(data, size);
    const auto block = smallest_block + take_byte(rest) % 64U;
    const std::string text(rest);
    const auto cut = read_in_blocks_of(smallest_block + text.size(), text);
    look_at(cut, text);
    auto in_blocks = read_in_blocks_of(block, text);
    in_blocks.bytes = cut.bytes; // a reader that stops at the end of an array has read on to its block's end
    if (waybill::compression::decoder_for(text) && cut.broken) { // how much is read before the damage may differ
        expect(in_blocks.broken.has_value(), "what is damaged is so in any blocks");
        return 0;
    }
    expect(in_blocks == cut, "blocks come to the same records");
    return 0;
}
