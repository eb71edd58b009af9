Feature: Readings are stored
  The stream processor writes every metric to Timestream and the newest reading
  to the device's item in DynamoDB.

  Background:
    Given the pipeline
    And the device "sensor-1" is connected

  @portable
  Scenario: A reading is in the time series and in the device state
    When "sensor-1" reports temperature 21.5
    And the pipeline has drained
    Then Timestream holds the temperature 21.5 of "sensor-1"
    And the state of "sensor-1" has the temperature 21.5
    And the state of "sensor-1" has the status "online"
    And no message was lost

  @portable
  Scenario: The source's query for hourly averages
    When "sensor-1" reports temperature 20
    And "sensor-1" reports temperature 22
    And the pipeline has drained
    Then the hourly average of "sensor-1" is 21, its maximum 22 and its minimum 20

  Scenario: The source's query for devices gone silent
    When "sensor-1" reports temperature 20
    And "15m" pass
    Then the query for devices silent for 10 minutes finds "sensor-1"

  Scenario: A fleet reports for an hour and nothing is lost
    Given a fleet of 20 devices reports every "1m" for "1h"
    When the pipeline has drained
    Then every message of the fleet is stored in the archive and the time series
    And no message was lost
