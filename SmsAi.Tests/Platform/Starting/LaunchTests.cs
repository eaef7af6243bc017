using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using SmsAi.Tests.Platform.Embedded;
using SmsAi.Web.Platform.Probing;

namespace SmsAi.Tests.Platform.Starting;

/// <summary>The program as its user starts and stops it, with nothing configured.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LaunchTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly List<Process> _started = [];

    public void Dispose()
    {
        foreach (Process process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }

        _folder.Dispose();
    }

    [Theory]
    [InlineData("-TERM", false)]
    [InlineData("-INT", true)]
    public async Task An_app_told_to_stop_ends_well_and_leaves_no_process(string signal, bool wholeGroup)
    {
        (Process app, StringBuilder output) = Start();
        await Until.TrueAsync(() => Text(output).Contains("Application started", StringComparison.Ordinal), "the app is started", 60);
        _folder.Servers.ShouldNotBeEmpty();

        Process.Start("kill", [signal, "--", wholeGroup ? $"-{app.Id}" : $"{app.Id}"]).WaitForExit();
        await Until.TrueAsync(() => Task.FromResult(app.HasExited), () => "the app has ended: " + Text(output), 30);

        app.ExitCode.ShouldBe(0, Text(output));
        await _folder.DesertedAsync();
    }

    [Fact]
    public async Task A_second_app_on_the_folder_ends_with_one_sentence_and_a_failure()
    {
        (Process first, StringBuilder output) = Start();
        await Until.TrueAsync(() => Text(output).Contains("Application started", StringComparison.Ordinal), "the app is started", 60);

        (Process second, StringBuilder words) = Start();
        await second.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        second.ExitCode.ShouldBe(1);
        Text(words).Trim().ShouldStartWith($"SmsAi is already running on {_folder.Data} (process {first.Id}).");
        first.HasExited.ShouldBeFalse();
    }

    [Fact]
    public async Task An_app_that_fails_says_it_in_one_clean_line_and_leaves_no_process()
    {
        (Process process, StringBuilder output) = Start("--Kestrel:Endpoints:Wrong:Url=nonsense://ann:hunter2@+15005550987");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(1, Text(output));
        Text(output).Split('\n').Count(line => line.StartsWith("SmsAi ended by ", StringComparison.Ordinal)).ShouldBe(1, Text(output));
        Text(output).ShouldNotContain("Unhandled exception");
        Text(output).ShouldNotContain("\n   at ");
        Text(output).ShouldNotContain("hunter2");
        Text(output).ShouldNotContain("5005550987");
        await _folder.DesertedAsync();
    }

    [Fact]
    public async Task An_unknown_verb_is_refused_by_the_names_of_those_there_are()
    {
        (Process process, StringBuilder output) = Start("make-coffee");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        process.ExitCode.ShouldBe(2);
        Text(output).ShouldContain("There is no verb make-coffee. There are:");
        Text(output).ShouldContain("migrate");
        await _folder.DesertedAsync();
    }

    /// <summary>In a group of its own and minding Ctrl-C, as a terminal does, also where these tests run in the background and don't.</summary>
    private (Process Process, StringBuilder Output) Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT", "dotnet", typeof(ProbeVerb).Assembly.Location, .. arguments])
        {
            WorkingDirectory = _folder.Above,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Data__Folder"] = _folder.Data,
            },
        };
        Process process = Process.Start(start)!;
        _started.Add(process);
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return (process, output);

        void Append(string? line)
        {
            lock (output)
            {
                output.AppendLine(line);
            }
        }
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }
}
