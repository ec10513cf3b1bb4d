waybill_tests(asio LINK waybill::asio waybill::engine
    SOURCES
        asio/async_job_owner.tests.cpp
        asio/async_job_store.tests.cpp
        asio/lifecycle_timer.tests.cpp
        asio/paging_property.tests.cpp
        asio/transition_feed.tests.cpp)
# g++ 12 takes Asio's own operator new of a coroutine's frame for a foreign one.
set_source_files_properties(asio/async_job_owner.tests.cpp asio/async_job_store.tests.cpp
    asio/transition_feed.tests.cpp PROPERTIES COMPILE_OPTIONS
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete>")
