using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SmsAi.Core.Platform.Database;
using SmsAi.Core.Platform.Logging;

namespace SmsAi.Tests.Platform.Logging;

/// <summary>The files on disk: which event is in which, one line each, nothing secret in any.</summary>
public sealed class LogFilesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("smsai-logs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    Dictionary<string, List<JsonElement>> Log(Action<ILoggerFactory> act, params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection([new("Logs:Folder", _folder), new("Twilio:AuthToken", "canary-token-1"), .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))]);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")));
        services.AddLogs(configuration, _folder);
        using (var provider = services.BuildServiceProvider()) act(provider.GetRequiredService<ILoggerFactory>());
        return Directory.GetFiles(_folder).ToDictionary(
            file => Path.GetFileName(file),
            file => File.ReadAllLines(file).Select(line => JsonDocument.Parse(line).RootElement).ToList());
    }

    [Fact]
    public void Each_event_is_one_line_in_the_files_it_belongs_to()
    {
        var files = Log(logs =>
        {
            logs.CreateLogger("Here").LogInformation("all is {State}", "well");
            logs.CreateLogger("Here").LogError(new InvalidOperationException("it broke\nhere"), "trouble");
            logs.CreateLogger<MigrationRunner>().LogInformation("migrated");
        });
        files.Keys.Order().ShouldBe(["app.log", "errors.log", "migration.log"]);
        files["app.log"].Select(line => line.GetProperty("message").GetString()).ShouldBe(["all is well", "trouble", "migrated"]);
        files["errors.log"].Single().GetProperty("exception").GetString().ShouldNotBeNull().ShouldContain("it broke\\nhere");
        files["migration.log"].Single().GetProperty("message").GetString().ShouldBe("migrated");
        files["app.log"][0].GetProperty("State").GetString().ShouldBe("well");
        files["app.log"][0].GetProperty("SourceContext").GetString().ShouldBe("Here");
    }

    [Fact]
    public void Canaries_appear_in_no_file_however_they_get_there()
    {
        const string phone = "+15005550987";
        Log(logs =>
        {
            var log = logs.CreateLogger("Here");
            log.LogInformation("to {Number}", phone);
            log.LogInformation("token {Token}", "canary-token-1");
            log.LogWarning(new InvalidOperationException($"refused {phone} with canary-token-1"), "failed");
            log.LogInformation("of {@Many}", new[] { phone, "canary-token-1" });
            using (log.BeginScope(new Dictionary<string, object> { ["Sender"] = phone })) log.LogInformation("inside");
            log.LogInformation("map {Map}", new Dictionary<string, string> { [phone] = "canary-token-1" });
        });
        var text = string.Concat(Directory.GetFiles(_folder).Select(File.ReadAllText));
        text.ShouldNotContain("5005550987");
        text.ShouldNotContain("canary-token-1");
        text.ShouldContain("[redacted]");
    }

    [Fact]
    public void Text_from_outside_can_not_forge_a_line()
    {
        var files = Log(logs => logs.CreateLogger("Here").LogInformation("said {Text}", "x\r\n{\"level\":\"Error\",\"msg\":\"forged\"}\u001b[2J"));
        files["app.log"].Count.ShouldBe(1);
        File.ReadAllText(Path.Combine(_folder, "app.log")).ShouldNotContain("\u001b");
    }

    [Fact]
    public void Addresses_called_are_quiet_unless_asked_for()
    {
        static void Call(ILoggerFactory logs) =>
            logs.CreateLogger("System.Net.Http.HttpClient.Twilio").LogInformation("GET https://api.example/x?To=%2B15005550987");
        Log(Call).ShouldBeEmpty();
        var opened = Log(Call, ("Logging:LogLevel:System.Net.Http", "Information"))["app.log"];
        opened.Single().GetProperty("message").GetString().ShouldBe("GET https://api.example/x?To=[redacted]");
    }

    [Theory]
    [InlineData("Microsoft.AspNetCore.SignalR.Internal.DefaultHubDispatcher", LogLevel.Debug)]
    [InlineData("Microsoft.AspNetCore.Http.Connections.Internal.HttpConnectionDispatcher", LogLevel.Trace)]
    [InlineData("Microsoft.AspNetCore.Components.Server.Circuits.RemoteNavigationManager", LogLevel.Debug)]
    [InlineData("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Information)]
    public void What_operators_type_is_never_logged_whatever_is_asked_for(string category, LogLevel level)
    {
        var files = Log(
            logs =>
            {
                logs.CreateLogger(category).Log(level, "Received {Arguments}", "canary-typed");
                logs.CreateLogger(category).LogWarning("This is not usual.");
            },
            ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:" + category, "Trace"), ("Logging:Serilog:LogLevel:" + category, "Trace"));

        files["app.log"].Single().GetProperty("message").GetString().ShouldBe("This is not usual.");
    }

    [Fact]
    public void Console_line_is_one_line_and_clean()
    {
        var line = new StringWriter();
        new TextLines(new Redaction([])).Format(new(DateTimeOffset.UnixEpoch, Serilog.Events.LogEventLevel.Warning, new InvalidOperationException("a\nb +15005550987"),
            new Serilog.Parsing.MessageTemplateParser().Parse("hello\u001b[0m"), []), line);
        line.ToString().ShouldBe("00:00:00.000 WARN  hello\\u001b[0m | System.InvalidOperationException: a\\nb [redacted]\n");
    }
}
