waybill_tests(lifecycle LINK waybill::engine waybill::asio
    SOURCES
        lifecycle/cancel.tests.cpp
        lifecycle/life.tests.cpp
        lifecycle/recovery.tests.cpp
        lifecycle/turns.tests.cpp)
