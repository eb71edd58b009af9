Feature: My own rule and handler
  Scenario: Frost reaches my handler, and nothing else does
    Given the pipeline
    And the rule "Frost" invokes "my-frost-handler" with "SELECT topic(2) AS thing, data.temperature AS t FROM 'devices/+/telemetry' WHERE data.temperature < 3"
    And the device "sensor-1" is connected
    When "sensor-1" reports temperature 2.5
    And "sensor-1" reports temperature 20
    And the pipeline has drained
    Then the function "my-frost-handler" was invoked 1 time
    And the function "my-frost-handler" was invoked with:
      """
      {"thing": "sensor-1", "t": 2.5}
      """
    And Timestream holds the temperature 20 of "sensor-1"
    And no message was lost
