// What a segment store is made of, for the files of this folder that give it its verbs: each takes the guard,
// and writes in one transaction of the one connection.
#pragma once

#include <mutex>
#include <utility>

#include <waybill/segment_store.hpp>

#include "sql/connection.hpp"
#include "sql/owner_lock.hpp"

namespace waybill {

struct segment_store::impl {
    impl(sql::owner_lock held, segment_store_options choices)
        : lock(std::move(held)), options(std::move(choices)), connection(options.file, sql::access::write) {}

    sql::owner_lock lock; ///< goes last
    segment_store_options options;
    std::mutex guard;
    sql::connection connection;
};

} // namespace waybill
