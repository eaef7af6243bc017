namespace SmsAi.Web.Features.Access;

/// <summary>What came of a try to sign in.</summary>
internal abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    internal sealed record SignedIn : SignInOutcome;

    /// <summary>Refused, in the words the page shows; the same for accounts that exist and that don't.</summary>
    internal sealed record Refused(string Words) : SignInOutcome;
}
