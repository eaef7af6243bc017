using System.Net;
using Microsoft.AspNetCore.Components;
using SmsAi.Core.Features.Access;

namespace SmsAi.Web.Features.Access;

/// <summary>The sign-in: plain HTML, since nothing live may be reached before it.</summary>
public sealed partial class SignInPage
{
    private string? _fault;
    private bool _nobodyYet;

    [CascadingParameter] public required HttpContext Context { get; set; }

    [SupplyParameterFromForm(FormName = "sign-in")] public SignInForm? Form { get; set; }

    [SupplyParameterFromQuery] public string? Back { get; set; }

    [Inject] internal OperatorSignIn SignIn { get; init; } = null!;

    [Inject] public required SetUpLinks Links { get; init; }

    [Inject] public required NavigationManager Navigation { get; init; }

    protected override async Task OnInitializedAsync()
    {
        Form ??= new();
        if (Context.User.Identity?.IsAuthenticated == true) GoOn();
        else _nobodyYet = HttpMethods.IsGet(Context.Request.Method) && await Links.AreNeededAsync(Context.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        var address = Context.Connection.RemoteIpAddress ?? IPAddress.None;
        var outcome = await SignIn.TryAsync(Form!.Email ?? "", Form.Password ?? "", address, Context.RequestAborted);
        if (outcome is SignInOutcome.Refused refused) _fault = refused.Words;
        else GoOn();
    }

    private void GoOn() => Navigation.NavigateTo(LocalPath.OrFirstPage(Back));
}

/// <summary>What the sign-in page posts.</summary>
public sealed class SignInForm
{
    public string? Email { get; set; }

    public string? Password { get; set; }
}
