#include "segments.hpp"

#include <algorithm>

#include "record_file.hpp"

namespace waybill::generate {

namespace {

std::string uuid(dice& chance) {
    const auto high = (chance.bits() & ~std::uint64_t{0xf000}) | 0x4000U;
    const auto low = (chance.bits() & ~(std::uint64_t{3} << 62)) | (std::uint64_t{2} << 62);
    std::string text;
    append_hex(text, high >> 32, 8);
    text += '-';
    append_hex(text, high >> 16, 4);
    text += '-';
    append_hex(text, high, 4);
    text += '-';
    append_hex(text, low >> 48, 4);
    text += '-';
    append_hex(text, low, 12);
    return text;
}

// Zipf: the n-th segment is n times rarer than the first. Integers only, so that every machine agrees.
std::vector<std::uint64_t> zipf(std::uint64_t count) {
    std::vector<std::uint64_t> cumulative;
    cumulative.reserve(count);
    std::uint64_t total = 0;
    for (std::uint64_t rank = 1; rank <= count; ++rank)
        cumulative.push_back(total += (std::uint64_t{1} << 26) / rank);
    return cumulative;
}

std::size_t status_of(dice& chance) {
    const auto roll = chance.below(100);
    if (roll < 30) return 0;
    return roll < 80 ? 1 : 2;
}

} // namespace

segment_list::segment_list(std::uint64_t seed, std::uint64_t count)
    : ups_(zipf(count)), other_(zipf(count / 5 + 1)) {
    dice chance(scattered(seed) ^ 0x5e67'6d65'6e74'7300U);
    segments_.reserve(ups_.size() + other_.size());
    for (std::size_t i = 0; i < ups_.size(); ++i)
        segments_.push_back({uuid(chance), "ups", {}});
    for (std::size_t i = 0; i < other_.size(); ++i)
        segments_.push_back({uuid(chance), "AdCloud", {}});
}

std::size_t segment_list::draw(dice& chance, std::size_t first,
                               const std::vector<std::uint64_t>& cumulative) const {
    const auto roll = chance.below(cumulative.back());
    const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), roll);
    return first + static_cast<std::size_t>(found - cumulative.begin());
}

void segment_list::append_membership(std::string& out, dice& chance, segment& of) const {
    const auto status = status_of(chance);
    const auto moment =
        first_qualification + static_cast<std::int64_t>(chance.below(
                                  static_cast<std::uint64_t>(end_of_qualification - first_qualification)));
    ++of.members[moment < second_year ? 0 : 1][status];
    out += '"';
    out += of.id;
    out += R"(":{"lastQualificationTime":")";
    append_moment(out, moment);
    out += R"(","status":")";
    out += statuses[status];
    out += "\"}";
}

bool segment_list::append_memberships(std::string& out, dice& chance) {
    static constexpr std::array<std::size_t, 20> how_many{0, 0, 0, 1, 1, 1, 1, 1, 1, 1,
                                                          2, 2, 2, 2, 2, 2, 3, 3, 3, 4};
    std::array<std::size_t, 4> taken{};
    std::size_t count = 0;
    for (auto wanted = chance.pick(how_many); wanted > 0; --wanted) {
        const auto drawn = draw(chance, 0, ups_);
        const auto end = taken.begin() + static_cast<std::ptrdiff_t>(count);
        if (std::find(taken.begin(), end, drawn) == end) taken[count++] = drawn;
    }
    const auto elsewhere = chance.percent(20);
    if (count == 0 && !elsewhere) return false;
    out += '{';
    for (std::size_t i = 0; i < count; ++i) {
        out += i == 0 ? R"("ups":{)" : ",";
        append_membership(out, chance, segments_[taken[i]]);
    }
    if (count > 0) out += '}';
    if (elsewhere) {
        out += count > 0 ? R"(,"AdCloud":{)" : R"("AdCloud":{)";
        append_membership(out, chance, segments_[draw(chance, ups_.size(), other_)]);
        out += '}';
    }
    out += '}';
    return true;
}

} // namespace waybill::generate
