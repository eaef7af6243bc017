using SmsAi.Core.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>A wrong first owner in the configuration is told by key, all faults at once, without its values.</summary>
public sealed class AdminOptionsTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("mara@example.org", "correct horse battery staple")]
    public void Both_or_none_is_fine(string? email, string? password) => FaultsOf(email, password).ShouldBeEmpty();

    [Theory]
    [InlineData("mara@example.org", null, "Admin:Password is missing")]
    [InlineData(null, "correct horse battery staple", "Admin:Email is missing")]
    [InlineData("mara at example", "correct horse battery staple", "Admin:Email is not an e-mail address")]
    [InlineData("mara@example.org", "Password123!", "Admin:Password: This is among the first passwords")]
    public void Fault_names_its_key(string? email, string? password, string fault) => FaultsOf(email, password).ShouldHaveSingleItem().ShouldStartWith(fault);

    [Fact]
    public void Fault_does_not_repeat_the_password()
    {
        var faults = FaultsOf("mara", "hunter2");

        faults.Count.ShouldBe(2);
        string.Concat(faults).ShouldNotContain("hunter2");
    }

    private static IReadOnlyList<string> FaultsOf(string? email, string? password) =>
        [.. new AdminOptionsValidator().Validate(null, new AdminOptions { Email = email, Password = password }).Failures ?? []];
}
