waybill_tests(house LINK waybill::store
    SOURCES
        house/documents.tests.cpp
        house/house.tests.cpp
        house/named_tests.tests.cpp)
target_compile_definitions(house_tests PRIVATE WAYBILL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
