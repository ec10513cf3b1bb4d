// The table dataset_settings: how the files of a dataset are written.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include <waybill/dataset_settings.hpp>

#include "sql/connection.hpp"

namespace waybill::store {

class dataset_rows {
  public:
    explicit dataset_rows(sql::connection& on) : on_(on) {}

    /// Takes the place of what was set.
    void set(std::int64_t tenant_id, const dataset_settings& what);
    /// The defaults where nothing was set.
    dataset_output output_of(std::int64_t tenant_id, std::string_view dataset_id);
    /// By dataset.
    std::vector<dataset_settings> list(const tenant& owner);

  private:
    sql::connection& on_;
};

} // namespace waybill::store
