using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using SmsAi.Tests.Platform;
using SmsAi.Tests.Platform.Database;
using SmsAi.Tests.Platform.Embedded;
using SmsAi.Web.Platform.Probing;

namespace SmsAi.Tests.Features.ApiKeys;

/// <summary>The verb apikey as a script calls it, with nothing configured: beside the running program and without it.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ApiKeyVerbTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Key_stands_alone_on_standard_output_before_the_first_start_and_beside_the_running_program()
    {
        var before = await RunAsync("apikey", "create", "--name", "deploys", "--role", "Operator");
        before.Code.ShouldBe(0, before.Errors);
        before.Output.ShouldMatch(@"^smsai_live_[0-9a-f]{12}_[0-9a-f]{64}\n$");
        await _folder.DesertedAsync();

        var app = Start();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{_port}") };
        await Until.TrueAsync(async () => await ReadyAsync(client), "the program is ready", 60);
        var beside = await RunAsync("apikey", "create", "--name=audits", "--role=auditor", "--expires-days=1");
        beside.Output.ShouldMatch(@"^smsai_live_[0-9a-f]{12}_[0-9a-f]{64}\n$", beside.Errors);

        (await TokenAsync(client, before.Output.Trim())).ShouldBe(HttpStatusCode.OK);
        (await TokenAsync(client, beside.Output.Trim())).ShouldBe(HttpStatusCode.OK);
        var prefix = before.Output.Split('_')[2];
        (await RunAsync("apikey", "list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        (await RunAsync("apikey", "revoke", prefix, "--reason", "test")).Code.ShouldBe(0);
        (await TokenAsync(client, before.Output.Trim())).ShouldBe(HttpStatusCode.Unauthorized);
        app.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task Wrong_arguments_are_named_and_nothing_is_printed_as_if_it_were_a_key()
    {
        var (code, output, errors) = await RunAsync("apikey", "create", "--name", "", "--role", "King", "--expires-days", "1000");

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        errors.ShouldContain("--name: Give it a name of 1 to 60 characters");
        errors.ShouldContain("--role: There is no role 'King'. There are Owner, Admin, Operator, Auditor, Viewer.");
        errors.ShouldContain("--expires-days: A key lives for 1 to 365 days.");
    }

    private static async Task<HttpStatusCode> TokenAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/token") { Headers = { { "X-Api-Key", key } } };
        using var answer = await client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<bool> ReadyAsync(HttpClient client)
    {
        try
        {
            return (await client.GetAsync(new Uri("/ready", UriKind.Relative))).StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var process = Start(arguments);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await errors);
    }

    private Process Start(params string[] arguments)
    {
        var isApp = arguments.Length == 0;
        var start = new ProcessStartInfo("setsid", ["dotnet", typeof(ProbeVerb).Assembly.Location, .. arguments])
        {
            WorkingDirectory = _folder.Above,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{_port}",
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Data__Folder"] = _folder.Data,
                ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "None",
            },
        };
        var process = Process.Start(start)!;
        _started.Add(process);
        if (isApp)
        {
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }

        return process;
    }
}
