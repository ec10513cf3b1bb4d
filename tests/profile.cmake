waybill_tests(profile
    LINK waybill::engine waybill::json
    SOURCES
        profile/record_reader.tests.cpp)
