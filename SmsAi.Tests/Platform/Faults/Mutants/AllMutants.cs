namespace SmsAi.Tests.Platform.Faults.Mutants;

/// <summary>The mutants that the scenarios must tell from the product.</summary>
public static class AllMutants
{
    private const string Scenarios = "SmsAi.Tests.Platform.Faults.Scenarios.";

    public static IReadOnlyList<Mutant> List { get; } =
    [
        new("blind re-send", "RF-02", Scenarios + "UncertainSends.RF02*", "duplicated [1-9]\\d*", new SourceChange(
            "SmsAi.Core/Pipeline/Sending/Reconciler.cs",
            """
                    if (left > TimeSpan.Zero)
                        return new Certainty(SendOutcomes.StillUncertain(turn, "settling", left), false);
            """,
            """
                    if (left < TimeSpan.MaxValue)
                        return new Certainty(null, true);
            """)),
        new("retrying POST", "RF-04c", Scenarios + "UncertainSends.RF04*", "duplicated [1-9]\\d*", new SourceChange(
            "SmsAi.Core/Pipeline/Delivery/TwilioCarrier.cs",
            """
                        using var response = await client.SendAsync(message, limit.Token);
            """,
            """
                        var answer = await client.SendAsync(message, limit.Token);
                        if ((int)answer.StatusCode >= 500)
                        {
                            using var again = Request(HttpMethod.Post, message.RequestUri!);
                            again.Content = new WriteOnceContent(Form(request));
                            answer = await client.SendAsync(again, limit.Token);
                        }

                        using var response = answer;
            """)),
    ];
}
