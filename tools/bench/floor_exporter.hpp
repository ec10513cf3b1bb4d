// The floor of an export of everything: one thread walks the profiles and their fragments by one statement,
// reads each record and identity map with the library's own JSON reader, merges nothing, copies about as many
// bytes out, sums them and syncs the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include <waybill/tenant.hpp>

#include "digest/sha256.hpp"
#include "disk/durable_file.hpp"
#include "raw_database.hpp"
#include "json/document.hpp"

namespace waybill::bench {

class floor_exporter {
  public:
    floor_exporter(const std::filesystem::path& profiles, const tenant& owner,
                   const std::filesystem::path& out);

    /// Answers how many rows it wrote; once an object.
    std::int64_t run();

  private:
    void parse(std::string_view text);
    void add_fragment(std::string_view record);
    void end_row();
    void flush();

    raw_database database_;
    raw_statement fragments_;
    disk::durable_file out_;
    digest::sha256 sum_;
    json::document document_;
    std::string buffer_;
    std::string identity_map_;
    std::int64_t rows_ = 0;
};

} // namespace waybill::bench
