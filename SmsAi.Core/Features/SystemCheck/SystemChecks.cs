namespace SmsAi.Core.Features.SystemCheck;

/// <summary>Tests every setting and outside party, all at once, and tells the literal answers.</summary>
public sealed class SystemChecks(DatabaseCheck database, RedisCheck redis, TwilioCheck twilio, OpenAiCheck model, PublicUrlCheck publicUrl)
{
    /// <summary>Takes as long as the slowest party, at most some eight seconds. The model may be asked for one token.</summary>
    public async Task<IReadOnlyList<CheckResult>> RunAsync(CancellationToken cancel)
    {
        var results = await Task.WhenAll(
            database.RunAsync(cancel), One(redis.RunAsync(cancel)), One(twilio.AccountAsync(cancel)), twilio.NumbersAsync(cancel),
            One(model.RunAsync(mayCost: true, cancel)), One(publicUrl.RunAsync(cancel)));
        return [.. results.SelectMany(part => part)];
    }

    private static async Task<IReadOnlyList<CheckResult>> One(Task<CheckResult> check) => [await check];
}
