using SmsAi.Web.Features.Access;

namespace SmsAi.Tests.Features.Access;

/// <summary>After the sign-in only pages of ours are opened.</summary>
public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/phone")]
    [InlineData("/messages/88120417?tab=story")]
    public void Page_of_ours_is_opened(string path) => LocalPath.OrFirstPage(path).ShouldBe(path);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("phone")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/sign-out")]
    [InlineData("/sign-in?back=/")]
    [InlineData("/_blazor")]
    public void Anything_else_leads_to_the_first_page(string? path) => LocalPath.OrFirstPage(path).ShouldBe("/");
}
