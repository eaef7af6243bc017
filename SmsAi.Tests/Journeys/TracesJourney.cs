using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using SmsAi.Bench.Loopback;
using SmsAi.Tests.Features.Access;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Faults;
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
        OpenLogs(service);
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
            forged.StatusCode.ShouldBe(HttpStatusCode.OK, "the query was signed too");
        await service.IdleAsync();
        (await RedisKeyScan.StrangersAsync(service.Redis!)).ShouldBeEmpty();
        var redis = await RedisContents.DumpAsync(service.Redis!);
        app.Terminate();
        await app.ExitCodeAsync(TimeSpan.FromSeconds(25));

        string[] canaries =
        [
            number, number[1..], Uri.EscapeDataString(number), word, service.Carrier.AuthToken, "sk-loopback", service.Settings["Privacy:PhoneHashKey"],
            service.Settings["Privacy:EncryptionKey"], Operators.Password,
        ];
        FoundInLogs(service, app, canaries).ShouldBeEmpty();
        canaries.Where(canary => redis.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(redis);
        foreach (var table in (string[])["messages", "users", "events", "queue", "conversations", "tasks", "error_logs", "audit", "webhook_log", "dead_letters"])
            (await FoundInTableAsync(service, table, canaries)).ShouldBeEmpty(table);
    }

    [Fact]
    public async Task What_an_operator_types_and_is_shown_reaches_no_log_no_Redis_and_no_table_in_the_clear()
    {
        const string number = "+12025550188";
        const string email = "quillfeather@example.org";
        const string wrong = "wrong canary in the coal mine";
        const string password = "right canary in the coal mine";
        const string reason = "canary-reason-zither";
        const string name = "Zebedee Quillfeather";
        const string theirs = "zebedee@canary.example";
        const string note = "marmalade-zeppelin";
        await using var service = await Service.PrepareAsync();
        OpenLogs(service);
        var app = await service.AddReplicaAsync();
        await Operators.AddAsync(service.Database, email, "Admin");
        await service.Driver.TextAsync(() => app, number, "Hello?");
        await service.IdleAsync();
        await using var mara = await Visitor.ComeAsync(app);
        var page = mara.Page;

        await mara.SignInAsync(email, wrong);
        await page.Locator("#fault").WaitForAsync();
        await mara.SignInAsync(email, Operators.Password);
        await mara.GoAsync("/account");
        await page.Locator("#password-now").FillAsync(Operators.Password);
        await page.Locator("#password-new").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change the password" }).ClickAsync();
        await page.Locator(".toast").WaitForAsync();
        var (seed, recovery) = await EnrolAsync(page, password);
        await SecondFactorJourney.SignOutAsync(page);
        await mara.SignInAsync(email, password);
        await page.Locator("#code").FillAsync(recovery);
        await page.Locator("#code").PressAsync("Enter");
        await mara.LiveAsync();

        await mara.GoAsync("/api-keys");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create a key…" }).First.ClickAsync();
        await page.Locator("#key-name").FillAsync("Reports");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create the key" }).ClickAsync();
        var key = await page.Locator("code.secret").InnerTextAsync();
        await UseAsync(app, key);

        await service.Database.ExecuteAsync("update operator_sessions set second_factor_at = clock_timestamp() - interval '6 minutes'");
        await service.Database.ExecuteAsync("update operator_totp set last_step = last_step - 10");
        await mara.GoAsync($"/users/{await service.Database.ScalarAsync<long>("select min(id) from users")}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal…" }).ClickAsync();
        await page.Locator("#reveal-reason").FillAsync(reason);
        await page.GetByRole(AriaRole.Button, new() { Name = "Reveal the number" }).ClickAsync();
        var code = new Authenticator(seed).CodeAt(DateTimeOffset.UtcNow);
        await page.Locator("#step-up-code").FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await mara.SeesAsync(number);
        await page.GetByRole(AriaRole.Button, new() { Name = "Change name and email" }).ClickAsync();
        await page.Locator("#contact-name").FillAsync(name);
        await page.Locator("#contact-email").FillAsync(theirs);
        await page.Locator("#contact-email").PressAsync("Enter");
        await mara.SeesAsync(theirs);
        await page.GetByRole(AriaRole.Link, new() { Name = "Notes" }).ClickAsync();
        await page.Locator("#new-note").FillAsync(note);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add note" }).ClickAsync();
        await page.Locator(".note-row .text").WaitForAsync();
        var cookies = (await page.Context.CookiesAsync()).Where(cookie => cookie.HttpOnly).Select(cookie => cookie.Value).ToList();
        cookies.ShouldNotBeEmpty();
        mara.Complaints.ShouldBeEmpty();

        (await RedisKeyScan.StrangersAsync(service.Redis!)).ShouldBeEmpty();
        var redis = await RedisContents.DumpAsync(service.Redis!);
        app.Terminate();
        await app.ExitCodeAsync(TimeSpan.FromSeconds(25));
        app.Output.ShouldContain(" debug ", Case.Sensitive, "the log is open");

        string[] secrets = [wrong, password, Uri.EscapeDataString(password), password.Replace(' ', '+'), seed, recovery, recovery.Replace("-", "", StringComparison.Ordinal), key, .. cookies, number[1..], name, theirs, note];
        string[] canaries = [.. secrets, email, Uri.EscapeDataString(email), reason];
        FoundInLogs(service, app, canaries).ShouldBeEmpty();
        LogsOf(service, app).SelectMany(log => Regex.Matches(log.Text, $@".*(?<![\d.:]){code}(?!\d).*").Select(line => line.Value)).ShouldBeEmpty("the code that was typed");
        canaries.Where(canary => redis.Contains(canary, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(redis);
        foreach (var table in await service.Database.ListAsync<string>("select tablename::text from pg_tables where schemaname = 'public'"))
            (await FoundInTableAsync(service, table, secrets)).ShouldBeEmpty(table);
    }

    private static void OpenLogs(Service service)
    {
        foreach (var category in (string[])["Default", "Microsoft", "Microsoft.AspNetCore.SignalR", "Microsoft.AspNetCore.Hosting", "System.Net.Http", "Npgsql"])
            service.Settings[$"Logging:LogLevel:{category}"] = "Debug";
    }

    private static async Task<(string Seed, string Recovery)> EnrolAsync(IPage page, string password)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up…" }).ClickAsync();
        await page.Locator("#enrol-password").FillAsync(password);
        await page.Locator("#enrol-password").PressAsync("Enter");
        var seed = (await page.Locator("code.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.Locator("#enrol-code").FillAsync(new Authenticator(seed).CodeAt(DateTimeOffset.UtcNow));
        await page.Locator("#enrol-code").PressAsync("Enter");
        var recovery = await page.Locator("ol.codes code").First.InnerTextAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I have kept them" }).ClickAsync();
        return (seed, recovery);
    }

    private static async Task UseAsync(AppProcess app, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/admin/metrics/realtime");
        request.Headers.Add("X-Api-Key", key);
        using var answer = await app.Http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static IEnumerable<(string Name, string Text)> LogsOf(Service service, AppProcess app)
    {
        var files = Directory.GetFiles(service.LogFolder, "*", SearchOption.AllDirectories);
        files.ShouldNotBeEmpty();
        return files.Select(file => (Path.GetFileName(file), File.ReadAllText(file))).Append(("output", app.Output));
    }

    private static IEnumerable<string> FoundInLogs(Service service, AppProcess app, string[] canaries) => LogsOf(service, app)
        .SelectMany(log => log.Text.Split('\n').Where(line => canaries.Any(canary => line.Contains(canary, StringComparison.OrdinalIgnoreCase))).Select(line => $"{log.Name}: {line}"));

    private static async Task<IEnumerable<string>> FoundInTableAsync(Service service, string table, string[] canaries)
    {
        var rows = string.Join('\n', await service.Database.ListAsync<string>($"select t::text from {table} t"));
        return canaries.Where(canary => rows.Contains(canary, StringComparison.OrdinalIgnoreCase));
    }
}
