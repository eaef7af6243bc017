using Microsoft.Extensions.Configuration;
using SmsAi.Core.Features.Sandbox;
using SmsAi.Core.Pipeline;

namespace SmsAi.Tests.Features.Sandbox;

public sealed class SandboxAccountTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("smsai-account-").FullName;

    [Fact]
    public void It_is_made_once_and_kept_for_its_owner_only()
    {
        var made = SandboxAccount.In(_folder);

        SandboxAccount.In(_folder).ShouldBe(made);
        made.AccountSid.ShouldMatch("^AC[0-9a-f]{32}$");
        made.AuthToken.ShouldMatch("^[0-9a-f]{32}$");
        PhoneNumber.Parse(made.Number).IsValid.ShouldBeTrue();
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(_folder, "sandbox.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Two_that_start_at_once_end_with_the_same()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SandboxAccount.In(_folder))));

        made.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public void A_damaged_file_is_said_and_not_overwritten()
    {
        var file = Path.Combine(_folder, "sandbox.json");
        File.WriteAllText(file, "{");

        Should.Throw<InvalidOperationException>(() => SandboxAccount.In(_folder)).Message.ShouldContain(file);
        File.ReadAllText(file).ShouldBe("{");
    }

    [Fact]
    public async Task The_verb_prints_the_credentials()
    {
        var (code, output) = await RunAsync([]);

        code.ShouldBe(0);
        var account = SandboxAccount.In(_folder);
        output.ShouldContain(account.AccountSid);
        output.ShouldContain(account.AuthToken);
        output.ShouldContain(account.Number);
        output.ShouldContain(account.ModelKey);
    }

    [Fact]
    public async Task Without_a_sandbox_the_verb_says_so_and_makes_nothing()
    {
        var (code, output) = await RunAsync([new("Twilio:AccountSid", "AC1"), new("OpenAI:ApiKey", "sk-1")]);

        code.ShouldBe(1);
        output.ShouldContain("no sandbox");
        Directory.GetFiles(_folder).ShouldBeEmpty();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int, string)> RunAsync(KeyValuePair<string, string?>[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([.. settings, new("Data:Folder", _folder)]).Build();
        var output = new StringWriter();
        return (await SandboxVerb.RunAsync(["sandbox", "credentials"], configuration, output), output.ToString());
    }
}
