#include "dataset/memberships_writer.hpp"

#include <algorithm>

#include "dataset/layout.hpp"

namespace waybill::dataset {

memberships_writer::memberships_writer(const std::filesystem::path& staging)
    : file_(staging / memberships_name, disk::durable_file::opening::create),
      about_{std::string(memberships_name), 0, 0, {}} {}

void memberships_writer::append(std::string_view lines) {
    file_.write(lines);
    sum_.add(lines);
    about_.bytes += static_cast<std::int64_t>(lines.size());
    about_.rows += std::count(lines.begin(), lines.end(), '\n');
}

part_file memberships_writer::finish() {
    file_.sync();
    file_.close();
    about_.sha256 = sum_.hex();
    return about_;
}

} // namespace waybill::dataset
