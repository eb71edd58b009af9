Feature: Rules route telemetry
  Rules decide by topic and by payload where a message goes.

  Background:
    Given the pipeline
    And the device "sensor-1" is connected

  @portable
  Scenario: One message becomes one record and one object
    When "sensor-1" reports temperature 21.5
    And the pipeline has drained
    Then the stream holds 1 record of "sensor-1"
    And the archive holds 1 object of "sensor-1"

  @portable
  Scenario: A topic that no rule selects goes nowhere
    When "sensor-1" publishes to "devices/sensor-1/status":
      """
      {"status": "online", "timestamp": 1767225600000}
      """
    And the pipeline has drained
    Then the stream holds 0 records of "sensor-1"
    And the archive holds 0 objects of "sensor-1"

  @portable
  Scenario: A rule with an unknown function is refused
    When I create the rule "Bad" with "SELECT nosuch(temperature) FROM 'devices/+/telemetry'"
    Then it is refused with "SqlParseException" naming "nosuch"

  @portable
  Scenario: A rule's WHERE is true or it does not fire
    Given the rule "Hot" republishes "SELECT data.temperature AS t FROM 'devices/+/telemetry' WHERE data.temperature > 40" to "hot/${topic(2)}"
    And a client of the cloud subscribes to "hot/+"
    When "sensor-1" reports temperature 39
    And "sensor-1" reports temperature 41
    And "sensor-1" publishes to "devices/sensor-1/telemetry":
      """
      {"deviceId": "sensor-1", "data": {"temperature": "warm"}}
      """
    And the pipeline has drained
    Then the client of the cloud received 1 message:
      """
      {"t":41}
      """
