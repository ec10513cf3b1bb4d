waybill_tests(engine LINK waybill::engine waybill::json SOURCES
    dataset/layout.tests.cpp)
