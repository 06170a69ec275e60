// Shows what needs keys where the browser has them, and says so when a key does not answer. allauth's own files do the rest.
document.addEventListener('DOMContentLoaded', function () {
  if (!window.PublicKeyCredential) return
  document.querySelectorAll('[data-needs-keys]').forEach(function (part) { part.hidden = false })
})
document.addEventListener('allauth.error', function (event) {
  event.preventDefault()
  document.getElementById('key-fault').hidden = false
})
