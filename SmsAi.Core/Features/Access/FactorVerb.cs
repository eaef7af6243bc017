using Npgsql;
using SmsAi.Core.Features.Auditing;
using SmsAi.Core.Platform.Database;

namespace SmsAi.Core.Features.Access;

/// <summary>The program's verb <c>reset-factor</c>: for the only owner who lost phone and recovery codes, at the server's own command line.</summary>
public sealed class FactorVerb(Databases databases, Accounts accounts)
{
    public async Task<int> RunAsync(string[] args, TextWriter output, CancellationToken cancel)
    {
        if (args is not [var email])
        {
            await output.WriteLineAsync("Say whose: reset-factor name@example.org");
            return 2;
        }

        try
        {
            await using var command = databases.Pages.CreateCommand("select id from operators where normalized_email = upper($1)");
            command.Parameters.Add(new() { Value = email.Trim() });
            var outcome = await command.ExecuteScalarAsync(cancel) is long id
                ? await accounts.ResetFactorAsync(id, Actor.CommandLine, cancel)
                : AccountOutcome.Gone;
            await output.WriteLineAsync(outcome switch
            {
                AccountOutcome.Done => "The second factor is off, and every session of that account has ended. The password alone signs in now.",
                AccountOutcome.NothingToDo => "That account has no second factor.",
                _ => "There is no account with that e-mail.",
            });
            return outcome is AccountOutcome.Done or AccountOutcome.NothingToDo ? 0 : 1;
        }
        catch (NpgsqlException)
        {
            await output.WriteLineAsync("The database doesn't answer; nothing was changed.");
            return 1;
        }
    }
}
