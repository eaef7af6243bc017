using SmsAi.Core.Platform.Access;
using SmsAi.Tests.Platform.Starting;

namespace SmsAi.Tests.Platform.Api;

/// <summary>What a program hears when we fail.</summary>
public sealed class ApiFaultsTests(ProgramHost host) : IClassFixture<ProgramHost>
{
    [Fact]
    public async Task Fault_of_ours_is_a_problem_without_a_word_of_the_inside()
    {
        using var client = await host.WithKeyAsync(OperatorRoles.Owner);
        await host.Database.ExecuteAsync("alter table users rename to nowhere");

        using var answer = await client.GetAsync(new Uri("/api/admin/users", UriKind.Relative));

        var problem = (await answer.ProblemAsync(500)).ToString();
        problem.ShouldContain("This failed inside the service.");
        foreach (var inside in (string[])["relation", "users\"", "Npgsql", "Exception", "42P01", "   at "])
            problem.ShouldNotContain(inside);
    }
}
