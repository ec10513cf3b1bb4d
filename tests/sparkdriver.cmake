# The Spark driver, in a local Spark session. Where the Python has no PySpark (`tests/spark/environment` makes one that has), or
# there is no Java, they say so and are skipped.
find_program(WAYBILL_SPARK_PYTHON python PATHS "${PROJECT_SOURCE_DIR}/build/spark/bin" NO_DEFAULT_PATH)
find_package(Python3 COMPONENTS Interpreter)
set(spark_python "${Python3_EXECUTABLE}")
if(WAYBILL_SPARK_PYTHON)
    set(spark_python "${WAYBILL_SPARK_PYTHON}")
endif()
if(spark_python)
    add_test(NAME "sparkdriver:the parts of the driver that need no Spark do what their sentences say"
        COMMAND "${spark_python}" -B -m unittest test_rules
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/spark")
    add_test(NAME "sparkdriver:attempts in a local Spark session do what their sentences say"
        COMMAND "${spark_python}" -B -m unittest -v test_exports test_ends
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/spark")
    add_test(NAME "sparkdriver:the driver runs as a cluster starts it"
        COMMAND "${spark_python}" -B -m unittest -v test_driver
        WORKING_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}/spark")
    add_test(NAME "sparkdriver:exports are what the reference says in 20 random stores"
        COMMAND "${spark_python}" -B "${CMAKE_CURRENT_SOURCE_DIR}/spark/compare.py" --seeds 1-20
            --waybill "$<TARGET_FILE:waybill>")
    set_tests_properties(
        "sparkdriver:attempts in a local Spark session do what their sentences say"
        "sparkdriver:the driver runs as a cluster starts it"
        "sparkdriver:exports are what the reference says in 20 random stores"
        PROPERTIES PROCESSORS 2 TIMEOUT 1800 SKIP_REGULAR_EXPRESSION "skipped here: ")
endif()
