// Several connections in one and the same snapshot of a store, so that several threads read for one
// export. SQLite as Debian builds it cannot hand a snapshot on; so each connection takes its own, until all
// see the same count of changes. Made and destroyed on one thread; then each connection is for one thread at
// a time. Throws `store_failure`.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <vector>

#include "sql/connection.hpp"
#include "sql/transaction.hpp"

namespace waybill::profile {

class shared_snapshot {
  public:
    /// As many connections as asked for; only one when somebody changes the store without a pause. `expect`
    /// throws when the store is not one that can be read.
    shared_snapshot(const std::filesystem::path& file, std::size_t connections,
                    void (*expect)(sql::connection&));

    std::size_t size() const { return all_.size(); }
    sql::connection& operator[](std::size_t index) { return all_[index]->connection; }

  private:
    struct held {
        explicit held(const std::filesystem::path& file) : connection(file, sql::access::read) {}
        sql::connection connection;
        std::unique_ptr<sql::snapshot> snapshot;
    };
    bool take_the_same();

    std::vector<std::unique_ptr<held>> all_;
};

} // namespace waybill::profile
