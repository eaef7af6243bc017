using Microsoft.Extensions.Configuration;

namespace SmsAi.Core.Features.Sandbox;

/// <summary>The program's verb <c>sandbox credentials</c>: prints what a tool outside needs to play carrier or handset against this installation.</summary>
public static class SandboxVerb
{
    private const string Usage = "sandbox credentials";

    /// <summary>Runs it; its words go to the writer, its result is the exit code.</summary>
    public static async Task<int> RunAsync(string[] args, IConfiguration configuration, TextWriter output)
    {
        if (args is not (["sandbox", "credentials"] or ["credentials"]))
        {
            await output.WriteLineAsync(Usage);
            return 2;
        }
        if (!SandboxServices.PlaysCarrier(configuration) && !SandboxServices.PlaysModel(configuration))
        {
            await output.WriteLineAsync("This installation has credentials of its own for the carrier and the model; there is no sandbox.");
            return 1;
        }
        var account = SandboxAccount.In(SandboxServices.Folder(configuration));
        if (SandboxServices.PlaysCarrier(configuration))
        {
            await output.WriteLineAsync($"Twilio:AccountSid   {account.AccountSid}");
            await output.WriteLineAsync($"Twilio:AuthToken    {account.AuthToken}");
            await output.WriteLineAsync($"Twilio:FromNumber   {account.Number}");
            await output.WriteLineAsync($"carrier             {SandboxAccount.CarrierPath}/2010-04-01/Accounts/{account.AccountSid}/Messages.json, on loopback");
        }
        if (SandboxServices.PlaysModel(configuration))
        {
            await output.WriteLineAsync($"OpenAI:ApiKey       {account.ModelKey}");
            await output.WriteLineAsync($"model               {SandboxAccount.ModelPath}/chat/completions, on loopback");
        }
        return 0;
    }
}
