// How SQLite sees a power_cut_disk: a file system that passes everything on to the real one and tells the
// disk of every change.
#pragma once

#include <memory>

#include <sqlite3.h>

#include "support/power_cut_disk.hpp"

namespace waybill::test {

/// Registers it as SQLite's default; `disk` must outlive it.
std::unique_ptr<sqlite3_vfs> make_power_cut_vfs(power_cut_disk& disk);
void end_power_cut_vfs(sqlite3_vfs& vfs);

} // namespace waybill::test
