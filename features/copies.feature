Feature: A rule that copies telemetry to a service that throttles
  A rule's client tries three times, as SDKs do; what the service still refuses goes
  to the rule's error action. Each message is a copy or a dead letter: none is lost.

  Scenario Outline: <service> throttles <operation>
    Given the pipeline
    And the device "sensor-1" is connected
    And the rule "copy" copies telemetry to "<service>" and what fails to the dead letters
    When "sensor-1" reports temperature 20
    And the pipeline has drained
    And "<service>" throttles "<operation>"
    And "sensor-1" reports temperature 21
    And "sensor-1" reports temperature 22
    And the pipeline has drained
    And "<service>" throttles no more, after <calls> calls
    And "sensor-1" reports temperature 23
    And the pipeline has drained
    Then "<service>" holds 2 copies of the rule "copy"
    And the dead-letter queue holds 2 messages about the rule "copy"
    And the archive holds 4 objects of "sensor-1"
    And no message was lost

    Examples:
      | service    | operation     | calls |
      | firehose   | PutRecord     | 6     |
      | logs       | PutLogEvents  | 6     |
      | monitoring | PutMetricData | 6     |
