// Exports from beginning to end while memory runs out: by a store, an engine, datasets and a lifecycle that
// are driven by hand. What throws is asked again.
#pragma once

#include "crash/driven_host.hpp"
#include "crash/sweep_names.hpp"

namespace waybill::test {

/// Jobs of two tenants, one of them with a batch a segment, two that evaluate a segment, one after the other,
/// and one that is cancelled; a host that ends without an order while they are under way, and the next one,
/// which brings all to their ends and stops. What was answered stands in the notes. Once the store is made,
/// `begin` is called.
void tell_of_exports(const sweep_files& files, const std::function<void()>& begin);

} // namespace waybill::test
