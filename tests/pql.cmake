waybill_tests(pql
    LINK waybill::json
    SOURCES
        support/segment_case.cpp
        pql/arrays.tests.cpp
        pql/cases.tests.cpp
        pql/documented.tests.cpp
        pql/errors.tests.cpp
        pql/limits.tests.cpp
        pql/needed_fields.tests.cpp
        pql/quantifiers.tests.cpp
        pql/texts.tests.cpp
        pql/times.tests.cpp
        pql/values.tests.cpp)
target_compile_definitions(pql_tests PRIVATE
    "WAYBILL_PQL_CASES=\"${CMAKE_CURRENT_SOURCE_DIR}/pql/cases.json\""
    "WAYBILL_SEGMENTS_PAGE=\"${PROJECT_SOURCE_DIR}/docs/segments.md\"")
