using SmsAi.Bench.Loopback;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Redis;

namespace SmsAi.Tests.Journeys;

/// <summary>What a text leaves behind, and where it must not.</summary>
[Collection(JourneyCollection.Name)]
public sealed class TracesJourney
{
    [Fact]
    public async Task Numbers_words_and_secrets_reach_no_log_and_Redis_holds_only_known_keys()
    {
        const string number = "+12025550187";
        const string word = "marmalade-zeppelin";
        await using var service = await Service.PrepareAsync();
        service.Settings["Logging:LogLevel:Default"] = "Debug";
        service.Settings["Serilog:MinimumLevel:Default"] = "Debug";
        var app = await service.AddReplicaAsync();

        // Every way a text can go: well, refused by the carrier, lost on the way, the model's fault.
        await service.Driver.TextAsync(() => app, number, $"{word} one");
        await Until.TrueAsync(() => service.Carrier.Ledger.Accepted.Count == 1, "the first is answered");
        service.Carrier.Script.Decide = send => send.Body.Contains("two", StringComparison.Ordinal) ? CarrierAct.Refuse(21211)
            : send.Body.Contains("three", StringComparison.Ordinal) ? CarrierAct.AcceptThenReset : CarrierAct.Accept;
        service.Model.Decide = question => question.Last.Contains("four", StringComparison.Ordinal) ? ModelAct.Fail(500, "server_error") : ModelAct.Answer("Echo: " + question.Last);
        foreach (var text in (string[])["two", "three", "four\r\n{\"level\":\"Error\",\"msg\":\"forged\"}\u001b[31m"])
            await service.Driver.TextAsync(() => app, number, $"{word} {text}");
        using (var forged = await service.Webhooks.PostAsync(app, $"/sms/receive?{word}={Uri.EscapeDataString(number)}", service.Webhooks.FieldsOf(service.Carrier.KeepInbound(number, word))))
            forged.StatusCode.ShouldBe(System.Net.HttpStatusCode.OK, "the query was signed too");
        await service.IdleAsync();
        (await RedisKeyScan.StrangersAsync(service.Redis!)).ShouldBeEmpty();
        app.Terminate();
        await app.ExitCodeAsync(TimeSpan.FromSeconds(25));

        string[] canaries =
        [
            number, number[1..], Uri.EscapeDataString(number), word, service.Carrier.AuthToken, "sk-loopback", service.Settings["Privacy:PhoneHashKey"],
            service.Settings["Privacy:EncryptionKey"], Operators.Password,
        ];
        var files = Directory.GetFiles(service.LogFolder, "*", SearchOption.AllDirectories);
        files.ShouldNotBeEmpty();
        var found = files.Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file))).Append((Name: "output", Text: app.Output))
            .SelectMany(log => log.Text.Split('\n').Where(line => canaries.Any(canary => line.Contains(canary, StringComparison.OrdinalIgnoreCase))).Select(line => $"{log.Name}: {line}"));
        found.ShouldBeEmpty();
        foreach (var table in (string[])["messages", "users", "events", "queue", "conversations", "tasks", "error_logs", "audit", "webhook_log", "dead_letters"])
        {
            var rows = string.Join('\n', await service.Database.ListAsync<string>($"select t::text from {table} t"));
            canaries.Where(canary => rows.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(table);
        }
    }
}
