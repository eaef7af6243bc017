using SmsAi.Core.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>Long is good, guessable is not, kinds of characters don't matter.</summary>
public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("correct horse battery staple")]
    [InlineData("zaubern unter der brücke")]
    [InlineData("пароли бывают длинными")]
    [InlineData("kx7Vm2pQ9tRw")]
    [InlineData("8392 0174 8392 5561 0927 4410")]
    [InlineData("correct-horse-battery-staple-correct-horse-battery-staple-64-xyz")]
    public void Long_and_unguessable_password_is_good(string password) => PasswordRules.FaultOf(password, "mara@example.org", "Mara").ShouldBeNull();

    [Theory]
    [InlineData("Password123!")]
    [InlineData("P@ssw0rd1234")]
    [InlineData("passwordpassword")]
    [InlineData("qwertyuiop12")]
    [InlineData("letmein!letmein!")]
    [InlineData("aaaaaaaaaaaaaa")]
    [InlineData("123456789012")]
    [InlineData("abcdefghijklm")]
    [InlineData("Summer2026!!")]
    [InlineData("smsai-admin-2026")]
    [InlineData("mara.example1")]
    [InlineData("Mara-Lindqvist-1")]
    public void Password_everyone_would_try_is_refused(string password) =>
        PasswordRules.FaultOf(password, "mara@example.org", "Mara Lindqvist").ShouldNotBeNull().ShouldStartWith("This is among the first passwords");

    [Fact]
    public void Short_password_is_told_its_length() => PasswordRules.FaultOf("kx7Vm2pQ9tR").ShouldNotBeNull().ShouldStartWith("11 characters. Use at least 12");

    [Fact]
    public void Characters_are_counted_as_people_count_them() => PasswordRules.FaultOf("🦊🦉🐢🐙🦋🐝🌵🍄🌊🪁🧭").ShouldNotBeNull().ShouldStartWith("11 characters");

    [Fact]
    public void Password_of_128_characters_is_good_and_one_more_is_refused_for_its_length()
    {
        var longest = string.Concat(Enumerable.Repeat("kx7Vm2pQ9tRw+Lz5", 8));

        longest.Length.ShouldBe(128);
        PasswordRules.FaultOf(longest).ShouldBeNull();
        PasswordRules.FaultOf(longest + "H").ShouldBe("Longer than 128 characters.");
    }

    [Fact]
    public void Endless_password_is_refused() => PasswordRules.FaultOf(new string('x', 64) + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i} "))).ShouldNotBeNull();
}
