waybill_tests(pql
    LINK waybill::json
    SOURCES
        support/segment_case.cpp
        pql/cases.tests.cpp)
target_compile_definitions(pql_tests PRIVATE "WAYBILL_PQL_CASES=\"${CMAKE_CURRENT_SOURCE_DIR}/pql/cases.json\"")
