// Makes of a record's text what an import writes, or says why it is refused (contract 3). One thread; several
// parsers may work at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <waybill/profile_store.hpp>

#include "profile/parsed_record.hpp"
#include "profile/record_identities.hpp"
#include "json/document.hpp"

namespace waybill::profile {

enum class record_kind { fragments, events };

class record_parser {
  public:
    record_parser(const import_options& options, record_kind what)
        : kind_(what), identities_(options.identities) {}

    /// The memory of what `out` held before is used again.
    void parse(std::string_view text, parsed_record& out);

  private:
    std::optional<std::string> read(std::string_view text, parsed_record& out);
    std::optional<std::string> read_event(parsed_record& out) const;
    void take_identities(parsed_record& out) const;
    void take_memberships(parsed_record& out) const;

    record_kind kind_;
    record_identities identities_;
    json::document document_;
};

} // namespace waybill::profile
