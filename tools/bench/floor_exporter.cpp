#include "floor_exporter.hpp"

#include <stdexcept>

namespace waybill::bench {
namespace {

constexpr std::size_t buffer_size = std::size_t{64} << 10U;

// A cross join keeps the order of its tables: the profiles by their ids.
constexpr const char* walk = R"(
select profiles.id, fragments.identity_map, fragments.record
from profiles indexed by profiles_by_tenant
cross join fragments on fragments.profile_id = profiles.id
where profiles.tenant_id = (select id from tenants where org = ? and sandbox = ?)
order by profiles.id)";

} // namespace

floor_exporter::floor_exporter(const std::filesystem::path& profiles, const tenant& owner,
                               const std::filesystem::path& out)
    : database_(profiles, raw_database::role::reader),
      fragments_(database_, walk),
      out_(out, disk::durable_file::opening::create) {
    fragments_.bind(1, std::string_view(owner.org));
    fragments_.bind(2, std::string_view(owner.sandbox));
}

std::int64_t floor_exporter::run() {
    std::int64_t of_profile = 0;
    while (fragments_.row()) {
        const auto identities = fragments_.text(1);
        parse(identities);
        if (fragments_.integer(0) != of_profile) {
            if (of_profile != 0) end_row();
            of_profile = fragments_.integer(0);
            identity_map_.assign(identities);
        }
        add_fragment(fragments_.text(2));
    }
    if (of_profile != 0) end_row();
    flush();
    out_.sync();
    out_.close();
    if (sum_.hex().empty()) throw std::runtime_error("floor: no checksum");
    return rows_;
}

void floor_exporter::parse(std::string_view text) {
    if (document_.parse(text)) throw std::runtime_error("floor: a record is not readable");
}

/// The members of the record behind those of the earlier ones.
void floor_exporter::add_fragment(std::string_view record) {
    parse(record);
    if (record.size() <= 2) return;
    buffer_ += buffer_.empty() || buffer_.back() == '\n' ? '{' : ',';
    buffer_ += record.substr(1, record.size() - 2);
}

void floor_exporter::end_row() {
    buffer_.append(",\"identityMap\":").append(identity_map_).append("}\n");
    ++rows_;
    if (buffer_.size() >= buffer_size) flush();
}

void floor_exporter::flush() {
    sum_.add(buffer_);
    out_.write(buffer_);
    buffer_.clear();
}

} // namespace waybill::bench
